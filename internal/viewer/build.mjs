// Builds src/ into dist/. With --check nothing is written: a dist that differs from a fresh build fails.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const options = {
  absWorkingDir: import.meta.dirname,
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "eof", // the licences of what is bundled travel along
  write: false,
};
const page = await build({ ...options, entryPoints: { app: "src/main.tsx", report: "src/report.tsx" } });
const widget = await build({
  ...options,
  entryPoints: { widget: "src/widget.tsx" },
  loader: { ".css": "text" },
});
const folder = new URL("dist/", import.meta.url);
const copy = "../../../client-python/vectory/widget.js"; // the Python package ships it
const outputs = [...page.outputFiles, ...widget.outputFiles];
const fresh = new Map(outputs.map((file) => [file.path.split("/").at(-1), Buffer.from(file.contents)]));
for (const name of ["index.html", "icon.svg"]) {
  fresh.set(name, await readFile(new URL(`src/${name}`, import.meta.url)));
}

fresh.set(copy, fresh.get("widget.js"));

const check = process.argv.includes("--check");
const stale = new Set(await readdir(folder).catch(() => []));
for (const [name, content] of fresh) {
  stale.delete(name);
  if (!check) {
    await writeFile(new URL(name, folder), content);
    console.log(`${name}: ${content.length} bytes`);
  } else if (!content.equals(await readFile(new URL(name, folder)).catch(() => Buffer.alloc(0)))) {
    console.error(`dist/${name} is not what src makes: run npm run build`);
    process.exitCode = 1;
  }
}
for (const name of stale) {
  console.error(`dist/${name} is made by nothing: remove it`);
  process.exitCode = 1;
}
