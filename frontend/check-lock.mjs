// Fails when package-lock.json holds the address of a package registry.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const bad = Object.entries(lock.packages)
  .filter(([, entry]) => typeof entry.resolved === "string")
  .map(([name]) => name);
if (bad.length > 0) {
  process.stderr.write(
    `package-lock.json: ${bad.length} packages have a "resolved" address, for example ${bad[0]}.\n` +
      "Delete package-lock.json and node_modules, then run: npm install (the .npmrc leaves addresses out)\n",
  );
  process.exit(1);
}
