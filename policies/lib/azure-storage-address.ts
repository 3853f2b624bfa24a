/** Whether an address is one of a storage account, whose writers are the program's own. */
export function isOfStorage(address: string): boolean {
  return /^https:\/\/[a-z0-9]{3,24}\.(?:blob|file|dfs)\.(?:core\.windows\.net|storage\.azure\.net)\//i.test(address);
}
