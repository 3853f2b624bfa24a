// The SDK's module is changed before the pack is made, and only `require` hands out one that can be changed.
const deserialization = require("@pulumi/policy/deserialize");
const { enableCompileCache, flushCompileCache } = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");

// Below the user's own directory: what lies in Node's default, a shared one, another user may have put there.
const cacheHome = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");

// Node before 22.10 has neither function. The engine ends a pack by a signal, which keeps Node from saving what it
// compiled, so that is saved when all is loaded.
enableCompileCache?.(join(cacheHome, "garrison-policies"));
module.exports = import("./pack.ts")
  .then(({ servePack }) => servePack(deserialization, __dirname))
  .finally(() => flushCompileCache?.());
