// Bundles static/src and static/css, with the libraries of package.json, into static/dist.
// Every file there has its content hash in the name; manifest.json maps plain names to hashed ones.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const here = (...parts) => join(root, "static", ...parts);
const dist = here("dist");
const targets = ["chrome123", "firefox128", "safari17.5"];
const scripts = ["app", "player", "uploader", "editor", "charts", "captions", "shelf", "reading", "talk"];
const styles = ["app", "player", "uploader", "captions", "reading", "insights"];
const compressible = new Set([".css", ".js", ".svg", ".json", ".map"]);

// media-chrome writes <style> into its shadow roots; under a nonce policy each needs the page's nonce.
const nonceForShadowStyles = {
  name: "nonce-for-shadow-styles",
  setup(build) {
    build.onLoad({ filter: /media-chrome[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: source.replaceAll("<style>", '<style nonce="${globalThis.hubNonce ?? ""}">') };
    });
  },
};

const shared = {
  bundle: true,
  minify: true,
  write: false,
  outdir: dist,
  target: targets,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: root,
};

function bundles() {
  const entries = (folder, names, extension) => names.map((name) => here(folder, name + extension));
  return [
    { ...shared, entryPoints: entries("src", scripts, ".js"), format: "esm", plugins: [nonceForShadowStyles] },
    // Runs before the first paint, so it is a classic script that blocks.
    { ...shared, entryPoints: [here("src", "theme.js")], format: "iife" },
    { ...shared, entryPoints: entries("css", styles, ".css") },
  ];
}

function hashed(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const extension = extname(name);
  return `${name.slice(0, -extension.length)}-${hash}${extension}`;
}

async function iconSprite() {
  const lists = JSON.parse(await readFile(here("icons.json"), "utf8"));
  const symbols = [];
  for (const [style, names] of Object.entries(lists)) {
    for (const name of names) {
      const file = join(root, "node_modules/@tabler/icons/icons", style, `${name}.svg`);
      const svg = await readFile(file, "utf8").catch(() => {
        throw new Error(`static/icons.json lists "${name}" under "${style}", which @tabler/icons does not have.`);
      });
      const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
      const shapes = body.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s*\n\s*/g, "");
      symbols.push(`<symbol id="${style === "filled" ? `${name}-filled` : name}" viewBox="0 0 24 24">${shapes}</symbol>`);
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

async function images() {
  const names = await readdir(here("img"));
  const files = await Promise.all(names.map(async (name) => [name, await readFile(here("img", name))]));
  return [...files, ["icons.svg", Buffer.from(await iconSprite())]];
}

function plainName(path) {
  return path.replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1");
}

async function build() {
  const outputs = [];
  for (const options of bundles()) {
    const result = await esbuild.build(options);
    for (const file of result.outputFiles) {
      const name = file.path.slice(dist.length + 1);
      outputs.push([plainName(name), name, Buffer.from(file.contents)]);
    }
  }
  for (const [name, contents] of await images()) outputs.push([name, hashed(name, contents), contents]);
  await publish(outputs);
}

async function publish(outputs) {
  // Written beside and swapped in, so that a page never meets half a build.
  const fresh = `${dist}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const manifest = {};
  for (const [plain, name, contents] of outputs.sort(([a], [b]) => a.localeCompare(b))) {
    manifest[plain] = name;
    await writeFile(join(fresh, name), contents);
    if (!compressible.has(extname(name))) continue;
    await writeFile(join(fresh, `${name}.gz`), gzipSync(contents, { level: 9 }));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    await writeFile(join(fresh, `${name}.br`), brotliCompressSync(contents, quality));
  }
  await writeFile(join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
  report(outputs);
}

function report(outputs) {
  for (const [plain, , contents] of outputs) {
    const size = compressible.has(extname(plain)) ? gzipSync(contents, { level: 9 }).length : contents.length;
    process.stdout.write(`${plain.padEnd(40)} ${(size / 1000).toFixed(1).padStart(7)} kB compressed\n`);
  }
}

await build();
