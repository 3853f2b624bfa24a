// The SDK's module is changed before the pack is made, and only `require` hands out one that can be changed.
const deserialization = require("@pulumi/policy/deserialize");

// The engine ends a pack by a signal, which keeps Node from saving what it compiled: so that is saved when all is
// loaded, and the next start takes half the time. Node before 22.10 has no such function.
module.exports = import("./pack.ts")
  .then(({ servePack }) => servePack(deserialization, __dirname))
  .finally(() => require("node:module").flushCompileCache?.());
