const FLAGS = ["noexec", "nosuid", "nodev"] as const;

/** What a tmpfs needs and its options do not say: the flags, of which the last spelling counts, and a size. */
export function missingOptions(text: string): string[] {
  const options = text.split(",").map((option) => option.trim().toLowerCase());
  if (options.lastIndexOf("ro") > options.lastIndexOf("rw")) return [];
  return [
    ...FLAGS.filter((flag) => options.lastIndexOf(flag) <= options.lastIndexOf(flag.slice(2))),
    ...(options.some(isSize) ? [] : ["size"]),
  ];
}

/** Bytes, or bytes with a unit; a share of the memory is a size as well, and zero means none. */
function isSize(option: string): boolean {
  return /^(size|nr_blocks)=0*[1-9]\d*[kmg%]?b?$/.test(option);
}
