// Puts the few third-party files that pages use from node_modules into var/vendor/<package>/.
// Whole `dist` folders would cost collectstatic twenty seconds for files nobody asks for.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const WANTED = {
  "htmx.org": ["dist/htmx.min.js", "LICENSE"],
  // The pictures are those its style sheet names.
  leaflet: [
    "dist/leaflet.css",
    "dist/images/layers.png",
    "dist/images/layers-2x.png",
    "dist/images/marker-icon.png",
  ],
};
// Packages made of many modules: only these names of theirs, in one file.
const CUT_OUT = {
  idb: { file: "idb.js", names: ["openDB"], licence: "LICENSE" },
  jose: { file: "jose.js", names: ["CompactEncrypt", "importJWK"], licence: "LICENSE.md" },
  leaflet: {
    file: "leaflet.js",
    // Its main file sets a global name.
    entry: "leaflet/dist/leaflet-src.esm.js",
    names: [
      "GridLayer", "Util", "circleMarker", "control", "divIcon", "geoJSON", "latLngBounds",
      "layerGroup", "map", "marker", "popup",
    ],
    licence: "LICENSE",
  },
  "topojson-client": { file: "topojson.js", names: ["feature"], licence: "LICENSE" },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "var", "vendor");
// Manifest storage fails on a source map that is named but not shipped.
const SOURCE_MAP = /\/\/[#@] ?sourceMappingURL=\S*|\/\*[#@] ?sourceMappingURL=.*?\*\//g;

async function copy(name, file) {
  const source = join(root, "node_modules", name, file);
  const destination = join(target, name, file.replace(/^dist\//, ""));
  await mkdir(dirname(destination), { recursive: true });
  if (file.endsWith(".png")) return copyFile(source, destination);
  const text = await readFile(source, "utf8");
  await writeFile(destination, text.replace(SOURCE_MAP, ""));
}

async function cutOut(name, { file, entry = name, names, licence }) {
  await build({
    stdin: { contents: `export { ${names.join(", ")} } from "${entry}";`, resolveDir: root },
    outfile: join(target, name, file),
    bundle: true,
    format: "esm",
    minify: true,
    platform: "browser",
    target: "es2022",
  });
  await copyFile(join(root, "node_modules", name, licence), join(target, name, "LICENSE"));
}

await rm(target, { recursive: true, force: true });
for (const [name, files] of Object.entries(WANTED)) {
  for (const file of files) await copy(name, file);
}
for (const [name, parts] of Object.entries(CUT_OUT)) await cutOut(name, parts);
