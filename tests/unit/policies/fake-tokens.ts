import { createHash } from "node:crypto";

/** Letters and digits that look random and are the same every time. */
function made(name: string, length: number): string {
  return createHash("sha512")
    .update(name)
    .digest("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, length);
}

/** Made-up secrets in the shape of real ones, put together here so that no scanner takes this file for a leak. */
export const fakeToken = {
  anthropic: ["sk", "ant", "api03", made("anthropic", 60)].join("-"),
  gitlab: ["glpat", made("gitlab", 20)].join("-"),
  huggingFace: ["hf", made("hugging face", 34)].join("_"),
  telegram: ["123456789", made("telegram", 35)].join(":"),
  github: ["ghp", made("github", 36)].join("_"),
  awsSecret: made("aws", 40),
  password: made("password", 24),
};
