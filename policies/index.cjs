// The engine ends a pack by a signal, which keeps Node from saving what it compiled: so that is saved when all is
// loaded, and the next start takes half the time. Node before 22.10 has no such function.
module.exports = import("./pack.ts").finally(() => require("node:module").flushCompileCache?.());
