// The trades and communes this tablet meets most: offered first.
import { keep, recall } from "./vault.js";

const NAME = "habits";
const TRADES = 4;
const COMMUNES = 3;

export class Habits {
  #kept = { trades: {}, last: null, communes: [] };

  async recall() {
    this.#kept = (await recall(NAME)) ?? this.#kept;
  }

  /** The last trade used, then the most used, then the campaign's own order. */
  trades(items) {
    const { trades, last } = this.#kept;
    const weight = ({ value }) => (value === last ? Infinity : (trades[value] ?? 0));
    return [...items].sort((a, b) => weight(b) - weight(a)).slice(0, TRADES);
  }

  /** The last communes used, the newest first. */
  get communes() {
    return this.#kept.communes;
  }

  async note(trade, commune) {
    const { trades, communes } = this.#kept;
    if (trade) {
      trades[trade.value] = (trades[trade.value] ?? 0) + 1;
      this.#kept.last = trade.value;
    }
    if (commune) {
      const others = communes.filter(({ value }) => value !== commune.value);
      this.#kept.communes = [commune, ...others].slice(0, COMMUNES);
    }
    await keep(NAME, this.#kept);
  }
}
