import { cruise } from "dependency-cruiser";
import type { ICruiseResult } from "dependency-cruiser";

/** One file of the repository that imports another. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** The way back, from `to` to `from`, where the two are in a circle. */
  readonly circle?: readonly string[];
}

/** Every import between files below `folders`, of types too, whether by path, by `#` name or by workspace. */
export async function readImports(checkout: string, folders: readonly string[]): Promise<Import[]> {
  const { output } = await cruise([...folders], {
    baseDir: checkout,
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules" },
  });
  return (output as ICruiseResult).modules.flatMap(({ source, dependencies }) =>
    dependencies
      .filter(({ coreModule, couldNotResolve }) => !coreModule && !couldNotResolve)
      .map(({ resolved, cycle }) => ({
        from: source,
        to: resolved,
        ...(cycle !== undefined && { circle: cycle.map(({ name }) => name) }),
      })),
  );
}
