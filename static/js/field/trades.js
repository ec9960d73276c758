// The trades of the reference file, searched by name, by collective agreement or by IDCC.
import { fold, isOneSlip, words } from "./text.js";

const RESULTS = 8;

export class Trades {
  constructor(trades, agreements) {
    const titles = new Map(agreements);
    this.items = trades.map(([value, label, idccs]) => {
      const about = idccs.flatMap((idcc) => [titles.get(idcc) ?? "", idcc, String(Number(idcc))]);
      const name = ` ${fold(label).trim()}`;
      return { value, label, detail: titles.get(idccs[0]) ?? "", name, text: `${name} ${fold(about.join(" "))}` };
    });
  }

  search(text) {
    const asked = words(text);
    if (!asked.length) return [];
    const having = (part) => this.items.filter((item) => asked.every((word) => item[part].includes(` ${word}`)));
    const found = [...new Set([...having("name"), ...having("text")])];
    return (found.length ? found : this.#resembling(asked)).slice(0, RESULTS);
  }

  #resembling(asked) {
    const near = (item, word) =>
      item.name.split(" ").some((one) => isOneSlip(word, one) || isOneSlip(word, one.slice(0, word.length)));
    return this.items.filter((item) => asked.every((word) => word.length > 3 && near(item, word)));
  }
}
