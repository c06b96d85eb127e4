// Builds app/static/dist from our own styles and scripts and from the packages of package.json.
//
//   app/static/css/*.scss   one sheet each, but for those that begin with "_"
//   app/static/js/*.js      one script each; what lies in app/static/js/parts/ is imported by them
//   app/static/img/**       as it is
//   certificates/fonts.toml names the fonts of everything on paper
//
// Every file carries the hash of its content in its name, so that browsers may keep it for ever.
// manifest.json gives that name for the plain one ("app.css": "app-0123456789.css"). A sheet says
// url("/static/dist/fonts/inter-latin-wght-normal.woff2") and gets the hashed name written in.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";
import * as sass from "sass";

const CSS = "app/static/css";
const JS = "app/static/js";
const IMG = "app/static/img";
const ADDRESS = "/static/dist/";
const PACKAGES = "node_modules";

const KIT_ICONS = "nhsuk-frontend/dist/nhsuk/assets/images";
// The kit's other pictures are the mark of the NHS, which is not ours to show.
const KIT_ICON = /^nhsuk-icon-(arrow|chevron|cross|minus|plus|search|tick|user).*\.svg$/;

const SCREEN_FONTS = "@fontsource-variable/inter/files";
const SCREEN_FONT = /^inter-.*-wght-normal\.woff2$/;

const PRINT_FONTS = "certificates/fonts.toml";
const PRINT_FONT = /^package = "(.+)"\nfile = "(.+)"$/gm;

const COMPRESSED = /\.(css|js|svg|json|wasm)$/;
const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);

const target = resolved("app/static/dist");
const made = `${target}.new-${process.pid}`;
const manifest = {};

function resolved(folder) {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const isLink = fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink ? path.resolve(path.dirname(folder), fs.readlinkSync(folder)) : path.resolve(folder);
}

function filesIn(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { recursive: true })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .sort();
}

function filesDirectlyIn(folder) {
  return filesIn(folder).filter((name) => !name.includes(path.sep));
}

function keep(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const { dir, name: stem, ext } = path.posix.parse(name);
  const hashed = path.posix.join(dir, `${stem}-${hash}${ext}`);
  write(hashed, content);
  manifest[name] = hashed;
}

function write(name, content) {
  const file = path.join(made, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

function copy(from, chosen, to) {
  for (const name of filesIn(from).filter((name) => chosen.test(name)))
    keep(path.posix.join(to, name), fs.readFileSync(path.join(from, name)));
}

function copyOnce(file, name) {
  keep(name, fs.readFileSync(path.join(PACKAGES, file)));
}

// Whole fonts under their plain names: paper is drawn from files, not through a browser.
function copyPrintFonts() {
  for (const [, family, file] of fs.readFileSync(PRINT_FONTS, "utf8").matchAll(PRINT_FONT)) {
    const folder = path.join(PACKAGES, family);
    write(`print-fonts/${path.basename(file)}`, fs.readFileSync(path.join(folder, file)));
    write(`licences/${path.basename(family)}.txt`, fs.readFileSync(path.join(folder, "LICENSE_FONT")));
  }
}

function makeSheets() {
  for (const file of filesDirectlyIn(CSS).filter((name) => /^[^_].*\.scss$/.test(name))) {
    const { css } = sass.compile(path.join(CSS, file), {
      loadPaths: [PACKAGES],
      style: "compressed",
      quietDeps: true,
    });
    keep(file.replace(/\.scss$/, ".css"), withHashedNames(css, file));
  }
}

function withHashedNames(css, file) {
  return css.replace(/url\((["']?)([^"')]+)\1\)/g, (whole, _quote, address) => {
    if (address.startsWith("data:") || address.startsWith("#")) return whole;
    const name = address.startsWith(ADDRESS) ? address.slice(ADDRESS.length) : "";
    if (!manifest[name]) throw new Error(`${file} asks for ${address}, which nothing here makes`);
    return `url("${ADDRESS}${manifest[name]}")`;
  });
}

async function makeScripts() {
  const entries = filesDirectlyIn(JS).filter((name) => name.endsWith(".js"));
  if (!entries.length) return;
  const { outputFiles } = await build({
    entryPoints: entries.map((name) => path.join(JS, name)),
    outdir: "/",
    entryNames: "[name]",
    bundle: true,
    format: "iife", // so that one build serves pages, workers and the service worker
    target: "es2020",
    minify: true,
    write: false,
    logLevel: "warning",
    logOverride: { "empty-import-meta": "silent" }, // zxing-wasm's own search for its file: we name it
  });
  for (const { path: file, contents } of outputFiles) keep(path.basename(file), contents);
}

async function compress() {
  const texts = filesIn(made).filter((name) => COMPRESSED.test(name) && name !== "manifest.json");
  await Promise.all(texts.map(async (name) => {
    const content = fs.readFileSync(path.join(made, name));
    const smaller = { gz: await gzip(content, { level: 9 }), br: await brotli(content) };
    for (const [ending, bytes] of Object.entries(smaller))
      if (bytes.length < content.length * 0.95) write(`${name}.${ending}`, bytes);
  }));
}

function tell() {
  for (const [name, hashed] of Object.entries(manifest))
    if (!name.includes("/")) {
      const size = (file) => (fs.statSync(path.join(made, file)).size / 1024).toFixed(1);
      const small = fs.existsSync(path.join(made, `${hashed}.br`)) ? `, ${size(`${hashed}.br`)} kB sent` : "";
      console.log(`  ${name}: ${size(hashed)} kB${small}`);
    }
  const others = Object.keys(manifest).filter((name) => name.includes("/")).length;
  console.log(`  and ${others} icons, pictures and screen fonts, ${filesIn(path.join(made, "print-fonts")).length} print fonts`);
}

function swap() {
  const old = `${target}.old-${process.pid}`;
  if (fs.existsSync(target)) fs.renameSync(target, old);
  fs.renameSync(made, target);
  fs.rmSync(old, { recursive: true, force: true });
}

try {
  copy(path.join(PACKAGES, KIT_ICONS), KIT_ICON, "nhsuk/images");
  copy(path.join(PACKAGES, SCREEN_FONTS), SCREEN_FONT, "fonts");
  copy(IMG, /./, "img");
  copyOnce("zxing-wasm/dist/reader/zxing_reader.wasm", "zxing_reader.wasm");
  copyPrintFonts();
  makeSheets();
  await makeScripts();
  write("manifest.json", JSON.stringify(manifest, null, 1));
  await compress();
  tell();
  swap();
} catch (failure) {
  fs.rmSync(made, { recursive: true, force: true });
  console.error(`The front end could not be built: ${failure.message}`);
  process.exitCode = 1;
}
