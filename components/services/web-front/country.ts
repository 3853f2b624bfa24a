const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });

/** Codes that name no country: unions, the world's regions, codes for tests, and what nobody knows. */
const NOT_COUNTRIES = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"]);

/** Whether two capital letters are a country's today, as ISO 3166 and databases of addresses write it (XK is Kosovo). */
export function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || NOT_COUNTRIES.has(code)) return false;
  // One that was given up means its successor.
  return names.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code;
}
