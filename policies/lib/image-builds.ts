import { Properties } from "./properties.ts";
import type { Resource } from "./resource.ts";
import { type } from "./types.ts";

/** A text with the path of its property. */
interface Place {
  readonly path: string;
  readonly value: string;
}

/** What the build of an image says of itself, whichever resource it is. */
interface ImageBuild {
  /** Where files come from. */
  readonly contexts: readonly Place[];
  readonly networks: readonly Place[];
  /** `name:address`. */
  readonly hosts: readonly Place[];
  readonly securityOpts: readonly Place[];
  readonly cgroupParents: readonly Place[];
  /** The text of a Dockerfile, where the program gives it. */
  readonly dockerfiles: readonly Place[];
  /** Directories of this machine that the result is written to. */
  readonly exports: readonly Place[];
}

/** The build of a resource, or undefined where it builds nothing. */
export function buildOf(resource: Resource): ImageBuild | undefined {
  if (resource.type === type.buildImage) return ofBuildx(resource.properties);
  const { properties } = resource;
  const written = properties.text("build");
  if (written !== undefined) return { ...NOTHING, contexts: [{ path: properties.path("build"), value: written }] };
  return properties.get("build") === undefined ? undefined : ofDocker(properties.object("build"));
}

const NOTHING: ImageBuild = {
  contexts: [],
  networks: [],
  hosts: [],
  securityOpts: [],
  cgroupParents: [],
  dockerfiles: [],
  exports: [],
};

/** In docker:index, whose two kinds of image name some of it differently. */
function ofDocker(build: Properties): ImageBuild {
  return {
    ...NOTHING,
    contexts: [
      ...textsOf(build, ["context", "remoteContext", "dockerfile"]),
      ...build
        .texts("additionalContexts")
        .map(({ path, value }) => ({ path, value: value.slice(value.indexOf("=") + 1) })),
    ],
    networks: textsOf(build, ["networkMode", "network"]),
    hosts: [...build.texts("extraHosts"), ...build.texts("addHosts")],
    securityOpts: build.texts("securityOpts"),
    cgroupParents: textsOf(build, ["cgroupParent"]),
  };
}

function ofBuildx(properties: Properties): ImageBuild {
  const [context, dockerfile] = [properties.object("context"), properties.object("dockerfile")];
  const named = context.object("named");
  return {
    ...NOTHING,
    contexts: [
      ...textsOf(context, ["location"]),
      ...named.names().flatMap((name) => textsOf(named.object(name), ["location"])),
      ...textsOf(dockerfile, ["location"]),
    ],
    networks: textsOf(properties, ["network"]),
    hosts: properties.texts("addHosts"),
    dockerfiles: textsOf(dockerfile, ["inline"]),
    exports: properties
      .objects("exports")
      .flatMap((one) => ["local", "tar", "oci", "docker"].flatMap((kind) => textsOf(one.object(kind), ["dest"]))),
  };
}

function textsOf(holder: Properties, names: readonly string[]): Place[] {
  return names.flatMap((name) => {
    const value = holder.text(name);
    return value === undefined || value === "" ? [] : [{ path: holder.path(name), value }];
  });
}
