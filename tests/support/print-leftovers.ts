/** Prints what of a lab `leftovers` finds, as JSON: a program, so that it can look from within namespaces of its own. */
import { leftovers } from "#lab/machines/leftovers.ts";
import type { Lab } from "#lab/machines/lab-of.ts";

const of = JSON.parse(process.argv[2] ?? "") as Lab;
console.log(JSON.stringify(await leftovers(of)));
