// Quantities for the basket, sent as they are chosen. Those that could not leave wait in this browser, by
// organisation: a lost connection, a closed page or a log-in that ran out loses nothing. They are whole
// numbers, not additions, so that one sent twice changes nothing.
const RETRY = 20_000; // milliseconds
const PATIENCE = 15_000;

const roots = new Map();

class Basket {
  constructor(root) {
    this.root = root;
    this.organisation = root.dataset.basket;
    // Of a basket that was sent meanwhile, nothing goes into the next one.
    this.number = root.dataset.basketNumber ?? "";
    this.prefix = `basket:${this.organisation}:`;
    root.addEventListener("submit", (event) => this.onSubmit(event));
    root.addEventListener("change", (event) => this.onChange(event));
    addEventListener("online", () => this.sendWaiting());
    setInterval(() => this.sendWaiting(), RETRY);
    for (const slug of this.waiting()) this.say(slug, "waiting");
    this.sendWaiting();
  }

  waiting() {
    return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length));
  }

  onSubmit(event) {
    const form = event.target.closest("[data-basket-form]");
    if (!form) return;
    event.preventDefault();
    const [item, packs] = ["item", "packs"].map((name) => form.elements.namedItem(name));
    this.keep(item.value, packs);
  }

  onChange(event) {
    const line = event.target.closest("[data-basket-line]");
    if (line) this.keep(line.dataset.basketLine, event.target);
  }

  keep(slug, input) {
    if (!input.value || !input.checkValidity()) return;
    localStorage.setItem(this.prefix + slug, `${input.value}@${this.number}`);
    this.say(slug, "waiting");
    this.send(slug);
  }

  async sendWaiting() {
    for (const slug of this.waiting()) await this.send(slug);
  }

  async send(slug) {
    const kept = localStorage.getItem(this.prefix + slug);
    if (kept === null) return;
    const [packs, basket] = kept.split("@");
    const answer = await this.post(slug, packs, basket);
    // Typed again while it was on its way: the last number is still to be sent.
    if (!answer || localStorage.getItem(this.prefix + slug) !== kept) return;
    localStorage.removeItem(this.prefix + slug);
    this.say(slug, answer.ok ? "saved" : "refused", packs);
  }

  /** Only our own server's word counts; a log-in page or a portal's does not. */
  async post(slug, packs, basket) {
    const body = new URLSearchParams({ item: slug, packs, basket, pour: this.organisation });
    const headers = { accept: "application/json", ...JSON.parse(document.body.dataset.hxHeaders) };
    const signal = AbortSignal.timeout(PATIENCE);
    try {
      const answer = await fetch(this.root.dataset.basketUrl, { method: "POST", body, headers, signal, redirect: "manual" });
      const word = await answer.json();
      return Number.isInteger(word.packs) || word.reason ? answer : null;
    } catch {
      return null;
    }
  }

  say(slug, state, packs) {
    const own = this.root.querySelector(`[data-basket-form] [name="item"][value="${CSS.escape(slug)}"]`);
    const said = own ? own.form.querySelector("[data-said]") : this.root.querySelector("[data-said]");
    if (!said) return;
    const words = {
      saved: packs === "0" ? "Enregistré\u00a0: retiré du panier" : `Enregistré\u00a0: ${packs} dans le panier`,
      waiting: "En attente\u00a0: gardé ici, part dès que possible",
      refused: "Cette quantité n’a pas été acceptée.",
    };
    said.dataset.state = state;
    said.textContent = words[state];
  }
}

export function start(nodes) {
  for (const node of nodes) if (!roots.has(node)) roots.set(node, new Basket(node));
}
