// node explain.cjs <rule>: what a line of a preview has no room for.
import("./explain.ts")
  .then(({ explanationOf }) => console.log(explanationOf(process.argv.slice(2))))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
