// The list under a search field (WAI-ARIA combobox): as many suggestions as `search` finds.
import { element, suggestion } from "../lookup.js";

export { element };

export class Suggestions {
  #found = [];
  #active = -1;

  constructor({ input, list, status, search, choose }) {
    Object.assign(this, { input, list, status, search, choose });
    input.addEventListener("input", () => this.look());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#leave());
    // A press on the list must leave the focus in the field.
    list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  look() {
    const text = this.input.value.trim();
    this.#found = this.search(text);
    const options = this.#found.map((item, at) => {
      const option = suggestion(item, `${this.list.id}-${at}`);
      option.addEventListener("click", () => this.choose(item));
      return option;
    });
    this.list.replaceChildren(...options);
    this.#open(options.length > 0);
    this.status.textContent = text && (options.length ? `Suggestions : ${options.length}` : "Aucune suggestion");
  }

  close() {
    this.#found = [];
    this.#open(false);
  }

  #open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", isOpen);
    this.#mark(-1);
  }

  /** Leaving with a single suggestion means it. */
  #leave() {
    if (this.#found.length === 1) this.choose(this.#found[0]);
    else this.close();
  }

  #mark(index) {
    this.#active = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", at === index));
    const option = this.list.children[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const count = this.#found.length;
    if (!count) return;
    if (event.key === "ArrowDown") this.#mark((this.#active + 1) % count);
    else if (event.key === "ArrowUp") this.#mark((Math.max(this.#active, 0) - 1 + count) % count);
    else if (event.key === "Enter") this.choose(this.#found[Math.max(this.#active, 0)]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}
