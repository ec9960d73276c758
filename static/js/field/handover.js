// Passing a shared tablet on: one tap to ask, one tap on a first name of the day.
import { part } from "./screen.js";
import { element } from "./suggestions.js";

export class Handover {
  /** `done` is called once somebody holds the tablet. */
  constructor(dialog, turns, done) {
    Object.assign(this, { dialog, turns, done });
    this.names = dialog.querySelector("[data-names]");
    this.form = dialog.querySelector("form");
    this.form.addEventListener("submit", (event) => this.#begin(event));
    part("pass").addEventListener("click", () => this.open());
    // Somebody must hold it: the first time, Escape does not close.
    dialog.addEventListener("cancel", (event) => !turns.current && event.preventDefault());
  }

  open() {
    const buttons = this.turns.ofToday.map(({ id, first_name }) => {
      const attributes = { type: "button", "aria-pressed": String(id === this.turns.current?.id) };
      const button = element("button", "button button--secondary button--block", attributes, first_name);
      button.addEventListener("click", () => this.#finish(this.turns.take(id)));
      return button;
    });
    this.names.replaceChildren(...buttons);
    this.names.hidden = !buttons.length;
    this.dialog.querySelector("[data-close]").hidden = !this.turns.current;
    this.form.reset();
    this.dialog.showModal();
  }

  #begin(event) {
    event.preventDefault();
    const { first_name, goal } = Object.fromEntries(new FormData(this.form));
    this.#finish(this.turns.begin({ first_name: first_name.trim(), goal: Number(goal) }));
  }

  async #finish(change) {
    await change;
    this.dialog.close();
    await this.done();
  }
}
