// The communes of the reference file, searched by name (« st etienne ») or postcode (« 75011 »).
import { fold, isOneSlip, words } from "./text.js";

const RESULTS = 8;
// Towns whose districts have their own postcodes: the first and last one, and how the file names them.
const DISTRICTS = { Paris: [75001, 75020], Lyon: [69001, 69009], Marseille: [13001, 13016] };

function districts(town, first, last, row) {
  return Array.from({ length: last - first + 1 }, (_, at) => ({
    ...row,
    name: at ? `${town} ${at + 1}e` : `${town} 1er`,
    postcodes: [String(first + at)],
    commune: town,
  }));
}

function* rowsOf([code, departement, prefix, region, text]) {
  for (const line of text.split("\n").filter(Boolean)) {
    const [codes, names] = line.split(":");
    const postcodes = codes.split(",").filter(Boolean).map((one) => (one.length === 5 ? one : prefix + one));
    for (const entry of names.split("|")) {
      const [, name, size] = entry.match(/^(.*?)(\d?)$/);
      const row = { name, postcodes, size: Number(size), departement, code, region, commune: name };
      if (DISTRICTS[name]) yield* districts(name, ...DISTRICTS[name], row);
      else yield row;
    }
  }
}

export class Communes {
  constructor(departements) {
    this.rows = departements.flatMap((one) => [...rowsOf(one)]);
    // One folding of one long text is many times faster than one per name.
    const folded = fold(this.rows.map(({ name }) => name).join("\n")).split("\n");
    this.rows.forEach((row, at) => (row.folded = ` ${folded[at].trim()}`));
  }

  /** At most eight, the best first; misspelled names only if nothing matches. */
  search(text) {
    const asked = words(text);
    if (!asked.length) return [];
    const exact = this.#matching(asked, (row, word) => row.folded.includes(` ${word}`));
    const found = exact.length || asked.join("").length < 4 ? exact : this.#resembling(asked);
    return found.slice(0, RESULTS).map((row) => shown(row, asked));
  }

  #matching(asked, isIn) {
    const found = this.rows.filter((row) => asked.every((word) => isIn(row, word) || hasPostcode(row, word)));
    const whole = ` ${asked.join(" ")}`;
    const rank = ({ folded }) => (folded === whole ? 0 : folded.startsWith(whole) ? 1 : 2);
    return found.sort((a, b) => rank(a) - rank(b) || b.size - a.size);
  }

  #resembling(asked) {
    const near = (row, word) =>
      row.folded.split(" ").some((one) => one.startsWith(word) || isOneSlip(word, one));
    return this.#matching(asked, near);
  }
}

const hasPostcode = ({ postcodes }, word) => /^\d/.test(word) && postcodes.some((one) => one.startsWith(word));

/** A commune to choose; of several postcodes, the one that was typed. */
function shown({ name, commune, postcodes, departement, region }, asked) {
  const typed = postcodes.find((one) => asked.some((word) => /^\d/.test(word) && one.startsWith(word)));
  const postcode = typed ?? postcodes[0] ?? "";
  const detail = [postcode, departement].filter(Boolean).join(" · ");
  return { value: `${postcode} ${commune}`, label: name, detail, postcode, commune, region };
}
