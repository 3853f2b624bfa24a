import { expect, test } from "vitest";
import { staticSite } from "#components/services/static-site/service.ts";
import { filesIn, wired } from "#tests/support/wired.ts";

const folder = staticSite("folder", { folder: "/srv/sites/example" });
const pages = staticSite("pages", { pages: { "index.html": "<p>hello", "style.css": "p {}" } });
const own = wired([folder, pages]);
const mountsOf = (name: string) => own.services.find((one) => one.name === name)?.mounts;

test("a site shows a folder of the machine, read-only, or the pages that come with it", () => {
  expect(mountsOf("folder")).toEqual({ "/srv/site": "/srv/sites/example" });
  expect(Object.keys(filesIn(own, "folder"))).toEqual(["/etc/nginx/conf.d/default.conf"]);
  expect(mountsOf("pages")).toBeUndefined();
  expect(filesIn(own, "pages")).toMatchObject({ "/srv/site/index.html": "<p>hello", "/srv/site/style.css": "p {}" });
});

test("its server reads from where they lie, follows no link out of it and shows nothing hidden", () => {
  const text = filesIn(own, "pages")["/etc/nginx/conf.d/default.conf"] ?? "";
  expect(text).toMatch(/^ {2}root \/srv\/site;$/m);
  expect(text).toMatch(/^ {2}disable_symlinks on from=\$document_root;$/m);
  expect(text).toMatch(/location ~ \/\\\. \{\n {4}return 404;/);
  expect(text).toContain("limit_except GET");
});

test("sites reach nobody, and nobody reaches another", () => {
  expect([own.flows, own.networks, own.secrets]).toEqual([[], [], []]);
});
