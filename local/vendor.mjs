// Copies the few third-party files that pages use from node_modules to var/vendor/<package>/.
// Whole `dist` folders would cost collectstatic twenty seconds for files nobody asks for.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const WANTED = {
  "htmx.org": ["dist/htmx.min.js", "LICENSE"],
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "var", "vendor");
// Manifest storage fails on a source map that is named but not shipped.
const SOURCE_MAP = /\/\/[#@] ?sourceMappingURL=\S*|\/\*[#@] ?sourceMappingURL=.*?\*\//g;

await rm(target, { recursive: true, force: true });
for (const [name, files] of Object.entries(WANTED)) {
  for (const file of files) {
    const text = await readFile(join(root, "node_modules", name, file), "utf8");
    const destination = join(target, name, file.replace(/^dist\//, ""));
    await mkdir(dirname(destination), { recursive: true });
    await writeFile(destination, text.replace(SOURCE_MAP, ""));
  }
}
