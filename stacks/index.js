// Plain JavaScript on purpose: an old Node has to be able to read it and say which one is needed.
import * as pulumi from "@pulumi/pulumi";

export default async function () {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 18)) {
    throw new pulumi.RunError(
      `Garrison is TypeScript that Node runs as it is: this needs Node 22.18 or newer, found ${process.versions.node}. ` +
        "Type: npm ci && npm run pulumi -- up (brings Node 24), or put a newer Node first on PATH.",
    );
  }
  const { deploy } = await import("./main.ts");
  return deploy();
}
