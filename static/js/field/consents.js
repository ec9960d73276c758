// What the person accepts, word for word as the server said it: read aloud, unticked. A box can be
// ticked only once the number or address it speaks of is there.
import { element } from "./suggestions.js";

const NEEDS = { email: "email", sms: "phone", call: "phone" };

export class Consents {
  #boxes = [];

  constructor(root, notice) {
    this.root = root;
    this.notice = notice;
  }

  show(wordings) {
    const ticked = this.ticked;
    this.notice.textContent = wordings[0]?.notice ?? "";
    this.#boxes = wordings.map(({ id, channel, text }) => {
      const row = element("label", "choice");
      const box = element("input", "", { type: "checkbox", name: "consent", value: id });
      box.dataset.needs = NEEDS[channel];
      row.append(box, element("span", "choice__text", {}, text));
      return box;
    });
    this.root.replaceChildren(...this.#boxes.map((box) => box.parentElement));
    this.ticked = ticked;
  }

  /** Follows what is typed: a box whose number or address left is unticked. */
  follow(values) {
    for (const box of this.#boxes) {
      box.disabled = !values[box.dataset.needs];
      if (box.disabled) box.checked = false;
    }
  }

  /** The first box that can be ticked. */
  get first() {
    return this.#boxes.find(({ disabled }) => !disabled);
  }

  get ticked() {
    return this.#boxes.filter(({ checked }) => checked).map(({ value }) => Number(value));
  }

  set ticked(ids) {
    for (const box of this.#boxes) box.checked = ids.includes(Number(box.value));
  }

  /** Whether a ticked box speaks of `field`: else what was typed there must not be kept. */
  covers(field) {
    return this.#boxes.some(({ checked, dataset }) => checked && dataset.needs === field);
  }
}
