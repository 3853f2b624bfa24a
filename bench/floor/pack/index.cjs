// The floor of a policy pack: one rule that looks at nothing.
const { PolicyPack } = require("@pulumi/policy");

new PolicyPack("empty", {
  policies: [
    {
      name: "nothing",
      description: "Finds nothing.",
      enforcementLevel: "advisory",
      validateResource: () => undefined,
      validateStack: () => undefined,
    },
  ],
});
require("node:module").flushCompileCache?.();
