/**
 * What an editor that works by commands puts into a file: the right side of `s/…/…/`, the text of `a`, `i` and `c`.
 * What it takes out is not in it.
 */
export function putInBy(argv: readonly string[]): string {
  return argv
    .slice(1)
    .flatMap((word) => {
      const replaced = [
        ...word
          .slice(0, 4000)
          .matchAll(/(?:^|[;{}\s\d$/!])s([/|#,@%!~])((?:\\.|(?!\1)[^\\])*)\1((?:\\.|(?!\1)[^\\])*)\1/g),
      ].map(([, , , put = ""]) => put);
      const added = [...word.slice(0, 4000).matchAll(/(?:^|[/;$\d\s])[aic]\\?\s*\n?(\S[^\n]*)/g)].map(
        ([, put = ""]) => put,
      );
      return replaced.length > 0 ? replaced : added;
    })
    .map((text) => text.replace(/\\([/|#,@%!~.])/g, "$1"))
    .join("\n");
}
