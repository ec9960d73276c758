// One choice: a few big chips for what is usual, and a search for the rest.
import { Suggestions, element } from "./suggestions.js";

export class Picker extends EventTarget {
  #items = new Map();

  /** `search` gives the items for a text: value, label, detail. */
  constructor(root, search) {
    super();
    const part = (name) => root.querySelector(name);
    this.root = root;
    this.chips = part("[data-chips]");
    this.input = part("[role=combobox]");
    this.list = new Suggestions({
      input: this.input,
      list: part("[role=listbox]"),
      status: part("[role=status]"),
      search,
      choose: (item) => this.choose(item),
    });
    this.input.addEventListener("input", () => this.#typed());
    this.chips.addEventListener("change", () => this.#clicked());
  }

  get chosen() {
    const checked = this.chips.querySelector(":checked");
    return checked ? this.#items.get(checked.value) : null;
  }

  /** What was typed and not chosen from the list. */
  get typed() {
    return this.input.value.trim();
  }

  set typed(text) {
    this.input.value = text;
  }

  /** Shows these items as chips, one of them checked if any. */
  offer(items, chosen = null) {
    const all = chosen && !items.some(({ value }) => value === chosen.value) ? [chosen, ...items] : items;
    this.#items = new Map(all.map((item) => [item.value, item]));
    this.chips.replaceChildren(...all.map((item) => this.#chip(item, item.value === chosen?.value)));
    this.list.close();
  }

  choose(item) {
    this.typed = "";
    this.offer([...this.#items.values()], item);
    this.#tell();
  }

  #chip({ value, label }, checked) {
    const chip = element("label", "chip");
    const radio = element("input", "chip__input", { type: "radio", name: this.root.dataset.picker, value });
    radio.checked = checked;
    chip.append(radio, element("span", "", {}, label));
    return chip;
  }

  #typed() {
    if (this.typed) for (const radio of this.chips.querySelectorAll(":checked")) radio.checked = false;
    this.#tell();
  }

  #clicked() {
    this.typed = "";
    this.list.close();
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
