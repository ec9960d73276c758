// Quick counters: the figure moves at once, each step is sent until the server has it.
// Every step has its own identifier, so sending it again counts it once.
import { lossWords, ourWord, Waiting } from "./tally_waiting.js";

const RETRY = 4_000; // milliseconds
// Why our server takes no step: the action is off, not there yet, or somebody has left its team.
const CLOSED = ["over", "early", "left"];

export function start(cards) {
  for (const card of cards) {
    if (card.dataset.started) continue;
    card.dataset.started = "";
    new Counter(card);
  }
}

class Counter {
  #isSending = false;
  #lost = 0;
  #isClosed = false;
  #timer;

  constructor(card) {
    [this.form, this.undo] = card.querySelectorAll("form");
    this.total = card.querySelector("[data-tally-total]");
    this.state = card.querySelector("[data-tally-state]");
    const { pathname } = new URL(this.form.action);
    this.waiting = new Waiting(`${pathname}:${this.form.elements.kind.value}`);
    this.#show(Number(this.total.textContent));
    this.form.addEventListener("submit", (event) => this.#count(event));
    addEventListener("online", () => this.send());
    addEventListener("beforeunload", (event) => this.waiting.steps.length && event.preventDefault());
    this.send();
  }

  async send() {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#timer);
    try {
      let goesOn = true;
      while (goesOn && this.waiting.steps.length) goesOn = await this.#settle(this.waiting.steps[0]);
    } catch {
      this.#timer = setTimeout(() => this.send(), RETRY); // no network, or no word of our server
    } finally {
      this.#isSending = false;
    }
  }

  /** Sends a step; whether the next one may follow. */
  async #settle(step) {
    const answer = await this.waiting.post(step, this.form);
    // A redirection leads to the log-in: what waits leaves once somebody came back from there.
    if (answer.type === "opaqueredirect") return this.#reload();
    if (answer.status === 403) {
      this.state.textContent = "Rechargez la page pour envoyer.";
      return false;
    }
    const { total, reason } = await ourWord(answer);
    this.#isClosed = CLOSED.includes(reason);
    if (reason) return this.#lose(this.#isClosed ? this.waiting.steps : [step], total);
    this.waiting.forget(step);
    this.#show(total);
    this.#offerUndo(step);
    return true;
  }

  /** Gives steps up that never will count, and says so; whether others may follow. */
  #lose(steps, total) {
    const known = total ?? Number(this.total.textContent) - this.waiting.sum;
    this.#lost += steps.length;
    for (const step of steps) this.waiting.forget(step);
    this.form.querySelector(".tally__steps").hidden = this.#isClosed;
    this.undo.hidden ||= this.#isClosed;
    this.#show(known);
    return !this.#isClosed;
  }

  #count(event) {
    event.preventDefault();
    const known = Number(this.total.textContent) - this.waiting.sum;
    this.waiting.add(Number(event.submitter.value));
    this.#show(known);
    this.send();
  }

  /** What the server knows and what waits together; a step is taken back once the server has it. */
  #show(known) {
    this.total.textContent = known + this.waiting.sum;
    const isWaiting = this.waiting.steps.length > 0;
    this.state.textContent = isWaiting ? "En attente d’envoi…" : lossWords(this.#lost, this.#isClosed);
    if (isWaiting) this.undo.hidden = true;
  }

  #offerUndo([id, count]) {
    this.undo.elements.undoes.value = id;
    this.undo.elements.tally_id.value = crypto.randomUUID();
    this.undo.querySelector("button span").textContent = `Reprendre +${count}`;
    this.undo.hidden = this.waiting.steps.length > 0;
  }

  #reload() {
    this.waiting.steps = [];
    location.reload();
    return false;
  }
}
