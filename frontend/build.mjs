// Builds every front-end asset into src/yanglao/web/kit/static/kit/dist (git-ignored).
// Run: npm ci && npm run build. Needs Node 20 or later and nothing else; no network.
// A build is made beside the old one and takes its place when complete: a server that runs
// meanwhile never misses a file, and a build that fails changes nothing.
import { spawnSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { writeAppIcons } from "./app-icons.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const home = join(root, "src/yanglao/web/kit/static/kit/dist");
const modules = join(root, "node_modules");
const watching = process.argv.includes("--watch");
// Outside the static folder, where nobody would serve or commit half a build.
const dist = watching ? home : join(modules, `.yanglao-dist-${process.pid}`);

const say = (text) => process.stdout.write(`${text}\n`);

/** The whole Lucide set as {name: inner SVG}, so that a template tag can draw an icon inline. */
function writeIcons() {
  const folder = join(modules, "lucide-static/icons");
  const icons = {};
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".svg")) continue;
    const inner = readFileSync(join(folder, file), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/);
    if (inner) icons[file.slice(0, -4)] = inner[1].replace(/\s*\n\s*/g, "");
  }
  writeFileSync(join(dist, "icons.json"), JSON.stringify(icons));
  return Object.keys(icons).length;
}

function css(args) {
  return [
    join(modules, "@tailwindcss/cli/dist/index.mjs"),
    "--input", join(root, "frontend/css/app.css"),
    "--output", join(dist, "app.css"),
    ...args,
  ];
}

const bundles = {
  bundle: true,
  format: "esm",
  target: ["es2021", "chrome90", "firefox90", "safari15"],
  minify: !watching,
  sourcemap: false,
  legalComments: "none",
  charset: "utf8",
  outdir: dist,
  entryPoints: {
    app: join(root, "frontend/js/app.js"),
    charts: join(root, "frontend/js/charts.js"),
    maps: join(root, "frontend/js/maps.js"),
    // The assessor's form, its service worker and its look: an app of its own, web/desks/assessor_phone.
    assessor: join(root, "frontend/js/assessor/main.js"),
    "assessor-sw": join(root, "frontend/js/assessor/sw.js"),
    "assessor-look": join(root, "frontend/css/assessor.css"),
  },
  loader: { ".svg": "text" },
  logLevel: "warning",
};

/** Villages are far from a fast line: WhiteNoise sends the packed file to browsers that take it. */
function pack() {
  // Quality 11 takes ten times as long for a twentieth less.
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  for (const file of readdirSync(dist)) {
    if (!/\.(css|js)$/.test(file)) continue;
    const content = readFileSync(join(dist, file));
    writeFileSync(join(dist, `${file}.gz`), gzipSync(content, { level: 9 }));
    writeFileSync(join(dist, `${file}.br`), brotliCompressSync(content, { params: quality }));
  }
}

function takePlace() {
  const old = join(modules, `.yanglao-dist-old-${process.pid}`);
  mkdirSync(dirname(home), { recursive: true });
  if (existsSync(home)) renameSync(home, old);
  renameSync(dist, home);
  rmSync(old, { recursive: true, force: true });
}

async function main() {
  const started = performance.now();
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const icons = writeIcons();
  writeAppIcons(join(dirname(home), "mark.svg"), dist);
  cpSync(join(modules, "maplibre-gl/dist/maplibre-gl.css"), join(dist, "maplibre-gl.css"));
  await esbuild.build({
    ...bundles,
    entryPoints: { "maplibre-worker": join(modules, "maplibre-gl/dist/maplibre-gl-worker.mjs") },
  });
  if (watching) {
    await (await esbuild.context(bundles)).watch();
    spawn(process.execPath, css(["--watch"]), { cwd: root, stdio: "inherit" });
    say("watching frontend/ and templates");
    return;
  }
  await esbuild.build(bundles);
  const result = spawnSync(process.execPath, css(["--minify"]), { cwd: root, encoding: "utf8" });
  if (result.status !== 0) {
    process.stderr.write(result.stderr || String(result.error));
    process.exitCode = 1;
    return;
  }
  pack();
  takePlace();
  say(`front end built in ${((performance.now() - started) / 1000).toFixed(1)} s, ${icons} icons`);
}

try {
  await main();
} finally {
  if (!watching) rmSync(dist, { recursive: true, force: true });
}
