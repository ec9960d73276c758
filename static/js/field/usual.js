// The two choices of the sheet, trade and commune: what is usual on this tablet as chips, the whole
// reference file behind the search.
import { Communes } from "./communes.js";
import { Habits } from "./habits.js";
import { Picker } from "./picker.js";
import { loadReference } from "./reference.js";
import { sayNews } from "./screen.js";
import { Trades } from "./trades.js";

export class Usual {
  #version;
  #trades;
  #communes;
  #habits = new Habits();

  constructor() {
    const picker = (name, search) => new Picker(document.querySelector(`[data-picker=${name}]`), search);
    this.trade = picker("trade", (text) => this.#trades?.search(text) ?? []);
    this.commune = picker("commune", (text) => this.#communes?.search(text) ?? []);
  }

  async recall() {
    await this.#habits.recall();
  }

  /** Reads the reference file the server names, unless it is already there. */
  async learn({ version, url }) {
    if (this.#version === version) return;
    const file = await loadReference(url);
    sayNews(file ? "" : "Les listes arriveront avec le réseau : écrivez le métier et le code postal.");
    if (!file) return;
    const { trades, agreements, departements } = file;
    this.#trades = new Trades(trades, agreements);
    this.#communes = new Communes(departements);
    this.#version = version;
    this.offer({ place: this.commune.chosen });
  }

  /** The last commune is the likeliest: chosen, unless another is being typed. */
  offer({ place = null } = {}) {
    const { communes } = this.#habits;
    this.trade.offer(this.#habits.trades(this.#trades?.items ?? []), this.trade.chosen);
    this.commune.offer(communes, place ?? (this.commune.typed ? null : communes[0]));
  }

  note(trade, commune) {
    return this.#habits.note(trade, commune);
  }
}
