// Compiles SCSS and script to hub/web/static/dist. Same input, same bytes: continuous integration compares them.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { compile } from "sass";

const here = new URL(".", import.meta.url).pathname;
// another folder may be named, to compare without touching what is committed
const target = process.argv[2] ? `${process.argv[2]}/` : new URL("../hub/web/static/dist/", import.meta.url).pathname;

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const css = compile(`${here}scss/hub.scss`, { style: "compressed", charset: false, quietDeps: true }).css;
const fonts = `${here}node_modules/@fontsource-variable/atkinson-hyperlegible-next`;
// a file's address holds the first letters of its hash (hub/web/assets.py): style sheet and font lie two folders apart
const withFonts = css.replace(/url\("?font:([\w-]+)"?\)/g, (_, part) => {
  const bytes = readFileSync(`${fonts}/files/atkinson-hyperlegible-next-${part}-wght-normal.woff2`);
  writeFileSync(`${target}${part}.woff2`, bytes);
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return `url(../../${digest}/dist/${part}.woff2)`;
});
const foreign = withFonts.replace(/url\(\.\.\/\.\.\/[0-9a-f]{16}\/dist\/[\w-]+\.woff2\)/g, "");
for (const forbidden of ["GDS Transport", "crest", "url("]) {
  if (foreign.includes(forbidden)) throw new Error(`hub.css must not hold ${forbidden}`);
}
writeFileSync(`${target}hub.css`, `${withFonts}\n`);

await build({
  entryPoints: [`${here}js/hub.js`, `${here}js/files.js`, `${here}js/talk.js`, `${here}js/passkey.js`],
  outdir: target,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2020",
  legalComments: "none",
});

const lock = JSON.parse(readFileSync(`${here}package-lock.json`, "utf8"));
const version = lock.packages["node_modules/govuk-frontend"].version;
const namesOf = ["@github/text-expander-element", "@github/combobox-nav", "dom-input-range"].map(
  (name) => `\n\n${name}:\n\n${readFileSync(`${here}node_modules/${name}/LICENSE`, "utf8")}`,
);
writeFileSync(
  `${target}THIRD-PARTY-NOTICES`,
  `hub.css and hub.js contain parts of GOV.UK Frontend ${version}, without its fonts, images and logos:\n\n` +
    readFileSync(`${here}licences/govuk-frontend.txt`, "utf8") +
    `\n\nThe *.woff2 files are Atkinson Hyperlegible Next:\n\n${readFileSync(`${fonts}/LICENSE`, "utf8")}` +
    `\n\ntalk.js contains:${namesOf.join("")}`,
);
