import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { listTags, lookUpDigest } from "#scripts/images/registry-client.ts";

const INDEX = JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] });
const DIGEST = `sha256:${createHash("sha256").update(INDEX).digest("hex")}`;

type Handler = (request: IncomingMessage, response: ServerResponse, address: string) => void;

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A registry on loopback that answers as told; returns `127.0.0.1:<port>`. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    handler(request, response, `127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function lookUp(address: string, tag = "1.2"): Promise<string> {
  return lookUpDigest({ repository: `${address}/team/app`, tag });
}

const answering: Handler = (request, response) => {
  if (request.url !== "/v2/team/app/manifests/1.2") {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "docker-content-digest": DIGEST }).end(INDEX);
};

/** As `answering`, for those who bring the token of `/token` only. */
const guarded: Handler = (request, response, address) => {
  const url = new URL(request.url ?? "/", `http://${address}`);
  if (url.pathname === "/token") {
    const asked = [url.searchParams.get("service"), url.searchParams.get("scope")].join(" ");
    response.writeHead(200).end(JSON.stringify({ token: `pass for ${asked}` }));
    return;
  }
  if (request.headers.authorization === "Bearer pass for lab repository:team/app:pull") {
    answering(request, response, address);
    return;
  }
  const challenge = `Bearer realm="http://${address}/token",service="lab",scope="repository:team/app:pull"`;
  response.writeHead(401, { "www-authenticate": challenge }).end();
};

describe("lookUpDigest", () => {
  test("computes the digest of what the registry sends", async () => {
    expect(await lookUp(await serve(answering))).toBe(DIGEST);
  });

  test("fetches an anonymous token where the registry wants one", async () => {
    expect(await lookUp(await serve(guarded))).toBe(DIGEST);
  });

  test("asks for an index first, so that the digest holds on every architecture", async () => {
    let accept = "";
    const address = await serve((request, response, own) => {
      accept = request.headers.accept ?? "";
      answering(request, response, own);
    });
    await lookUp(address);
    expect(accept.split(", ")[0]).toBe("application/vnd.oci.image.index.v1+json");
    expect(accept).toContain("application/vnd.docker.distribution.manifest.list.v2+json");
  });

  test("does not believe a digest that the manifest does not have", async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { "docker-content-digest": DIGEST }).end(`${INDEX} `);
    });
    await expect(lookUp(address)).rejects.toThrow(`claims the digest ${DIGEST}, but what it sends has sha256:`);
  });

  test("says when the tag does not exist", async () => {
    const address = await serve(answering);
    await expect(lookUp(address, "9.9")).rejects.toThrow(`${address}/team/app has no tag 9.9`);
  });

  test("says when the token is refused", async () => {
    const address = await serve((request, response, own) => {
      if (request.url?.startsWith("/token") === true) response.writeHead(403).end();
      else guarded(request, response, own);
    });
    await expect(lookUp(address)).rejects.toThrow(`http://${address} refuses a token (403)`);
  });

  test("says when the token is none", async () => {
    const address = await serve((request, response, own) => {
      if (request.url?.startsWith("/token") === true) response.writeHead(200).end("<html>");
      else guarded(request, response, own);
    });
    await expect(lookUp(address)).rejects.toThrow("answers something else than a token");
  });

  test.each([
    ['Basic realm="registry"', "not by a token that anybody can have"],
    ['Bearer realm="http://tokens.example/token"', "http://tokens.example/token, which is not encrypted"],
  ])("goes nowhere with the challenge %s", async (challenge, reason) => {
    const address = await serve((_request, response) => {
      response.writeHead(401, { "www-authenticate": challenge }).end();
    });
    await expect(lookUp(address)).rejects.toThrow(reason);
  });

  test("says when the answer is cut off", async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write(INDEX, () => response.destroy());
    });
    await expect(lookUp(address)).rejects.toThrow("ended half-way");
  });

  test("does not read without end", async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200).end(Buffer.alloc(5 * 1024 * 1024));
    });
    await expect(lookUp(address)).rejects.toThrow("sends more than a manifest may have");
  });

  test("says that nobody listens, and why", async () => {
    const address = await serve(answering);
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    await expect(lookUp(address)).rejects.toThrow(`${address} cannot be reached: connect ECONNREFUSED`);
  });

  test("wants the registry named", async () => {
    await expect(lookUpDigest({ repository: "team/app", tag: "1.2" })).rejects.toThrow(
      '"team/app" does not begin with a registry',
    );
  });
});

describe("listTags", () => {
  const tagsOf = (address: string) => listTags(`${address}/team/app`);

  test("reads page after page, with a token where the registry wants one", async () => {
    const address = await serve((request, response, own) => {
      const url = new URL(request.url ?? "/", `http://${own}`);
      if (url.pathname === "/token") {
        response.writeHead(200).end(JSON.stringify({ token: "pass" }));
      } else if (request.headers.authorization !== "Bearer pass") {
        response.writeHead(401, { "www-authenticate": `Bearer realm="http://${own}/token"` }).end();
      } else if (url.searchParams.get("last") === null) {
        const headers = { link: '</v2/team/app/tags/list?n=1000&last=1.1>; rel="next"' };
        response.writeHead(200, headers).end(JSON.stringify({ name: "team/app", tags: ["1.0", "1.1"] }));
      } else {
        response.writeHead(200).end(JSON.stringify({ name: "team/app", tags: ["1.2"] }));
      }
    });
    expect(await tagsOf(address)).toEqual(["1.0", "1.1", "1.2"]);
  });

  test("a repository without tags has none", async () => {
    const address = await serve((_request, response) => response.writeHead(200).end('{"tags":null}'));
    expect(await tagsOf(address)).toEqual([]);
  });

  test("does not follow a registry elsewhere", async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { link: '<http://127.0.0.1:1/v2/x>; rel="next"' }).end('{"tags":[]}');
    });
    await expect(tagsOf(address)).rejects.toThrow("sends us for more tags to http://127.0.0.1:1");
  });

  test("does not read page after page for ever", async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { link: '</v2/team/app/tags/list?last=1>; rel="next"' }).end('{"tags":["1"]}');
    });
    await expect(tagsOf(address)).rejects.toThrow("more tags than 50 pages hold");
  });

  test.each(["<html>", '{"tags":[1]}', "null"])("says that %s is no list of tags", async (body) => {
    const address = await serve((_request, response) => response.writeHead(200).end(body));
    await expect(tagsOf(address)).rejects.toThrow("answers something else than a list of tags");
  });
});
