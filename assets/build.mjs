// Compiles SCSS and script to hub/web/static/dist. Same input, same bytes: continuous integration compares them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { compile } from "sass";

const here = new URL(".", import.meta.url).pathname;
// another folder may be named, to compare without touching what is committed
const target = process.argv[2] ? `${process.argv[2]}/` : new URL("../hub/web/static/dist/", import.meta.url).pathname;

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const css = compile(`${here}scss/hub.scss`, { style: "compressed", charset: false, quietDeps: true }).css;
for (const forbidden of ["GDS Transport", "@font-face", "crest", "url("]) {
  if (css.includes(forbidden)) throw new Error(`hub.css must not hold ${forbidden}`);
}
writeFileSync(`${target}hub.css`, `${css}\n`);

await build({
  entryPoints: [`${here}js/hub.js`],
  outfile: `${target}hub.js`,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2020",
  legalComments: "none",
});

const lock = JSON.parse(readFileSync(`${here}package-lock.json`, "utf8"));
const version = lock.packages["node_modules/govuk-frontend"].version;
writeFileSync(
  `${target}THIRD-PARTY-NOTICES`,
  `hub.css and hub.js contain parts of GOV.UK Frontend ${version}, without its fonts, images and logos:\n\n` +
    readFileSync(`${here}licences/govuk-frontend.txt`, "utf8"),
);
