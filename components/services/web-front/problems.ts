import { setCommand } from "#components/lib/config-command.ts";
import { claimedTwice } from "#components/lib/claims.ts";
import type { Problem } from "#components/lib/problems.ts";
import { asksCountry } from "./http-config.ts";
import type { FrontTold } from "./settings.ts";

/** A site, as its settings say. */
export interface ToldSite {
  readonly part: string;
  readonly domain: string;
  /** What Authelia lets by before it. */
  readonly open: readonly string[];
}

/** Everything that is wrong with what a front was told, beyond what its schema says. */
export function frontProblems(name: string, told: FrontTold, sites: readonly ToldSite[]): Problem[] {
  return [
    ...claimedTwice(sites.map((site) => [`garrison:${site.part}`, site.domain] as const)).map(([domain, owners]) => ({
      property: `${owners.join(" and ")}.domain`,
      found: domain,
      expected: "a name of its own for each site",
    })),
    ...sites.flatMap(({ part, open }) =>
      open.filter((path) => !path.startsWith("^/")).map((path) => unanchored(part, path)),
    ),
    ...countryProblems(name, told),
  ];
}

/** Authelia looks for an expression anywhere in a path and what is asked of it: `?x=/webhook/` would do. */
function unanchored(part: string, path: string): Problem {
  return { property: `protects.${part}.open`, found: path, expected: "an expression that begins with ^/" };
}

function countryProblems(name: string, told: FrontTold): Problem[] {
  const { countryDatabase, onlyCountries, notCountries } = told;
  const both = onlyCountries.length > 0 && notCountries.length > 0;
  return [
    ...(both
      ? [
          {
            property: `garrison:${name}.notCountries`,
            found: "a list, beside onlyCountries",
            expected: "one of the two: whoever is let in, or whoever is not",
          },
        ]
      : []),
    ...(asksCountry(told) && countryDatabase === undefined
      ? [
          {
            property: `garrison:${name}.countryDatabase`,
            found: "nothing",
            expected: "the path of a database on the machine that says where visitors are from",
            fix: setCommand([name, "countryDatabase"], "<path of the database>"),
          },
        ]
      : []),
    ...(!asksCountry(told) && countryDatabase !== undefined
      ? [
          {
            property: `garrison:${name}.countryDatabase`,
            found: countryDatabase,
            expected: "nothing, without a list of countries",
          },
        ]
      : []),
  ];
}
