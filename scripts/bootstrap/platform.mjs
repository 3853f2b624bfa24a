/** Whether a package of the lock file is meant for this platform, as npm decides it. */
export function fitsPlatform(entry) {
  return (
    fits(entry.os, () => process.platform) && fits(entry.cpu, () => process.arch) && fits(entry.libc, () => cLibrary())
  );
}

function fits(listed, ours) {
  if (listed === undefined) return true;
  const list = [listed].flat();
  const excluded = list.filter((item) => item.startsWith("!")).map((item) => item.slice(1));
  const included = list.filter((item) => !item.startsWith("!"));
  return !excluded.includes(ours()) && (included.length === 0 || included.includes(ours()));
}

let library;

function cLibrary() {
  if (library === undefined) {
    // Addresses are of no interest here, and looking up their names takes time.
    process.report.excludeNetwork = true;
    library = process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "glibc";
  }
  return library;
}
