// The one screen: reads and fills its fields, and tells as they are typed what looks odd.
import { JUDGED, judge, offerFix } from "./judging.js";
import { spaced } from "./phone.js";

const TYPED = "input:not([type=radio], [type=checkbox])";

export class Form {
  /** Text fields, the two choices of `usual` and the boxes of `consents`: all report to `changed`. */
  constructor(element, { usual: { trade, commune }, consents, changed }) {
    Object.assign(this, { element, trade, commune, consents });
    this.fields = element.elements;
    this.note = element.querySelector("[data-note]");
    const report = () => {
      consents.follow(this.values);
      changed();
    };
    element.addEventListener("input", (event) => judge(event.target));
    element.addEventListener("input", report);
    element.addEventListener("focusout", (event) => this.#finish(event.target));
    element.addEventListener("keydown", (event) => this.#advance(event));
    offerFix(element.querySelector("[data-fix=email]"), this.fields.email);
    for (const picker of [trade, commune]) picker.addEventListener("change", report);
  }

  get values() {
    const text = (name) => this.fields[name].value.trim();
    const wishes = [...this.element.querySelectorAll("[name=wish]:checked")].map(({ value }) => value);
    const names = ["first_name", "phone", "email", "note"];
    return { ...Object.fromEntries(names.map((name) => [name, text(name)])), wishes, ...this.#chosen() };
  }

  #chosen() {
    const { chosen: place, typed } = this.commune;
    const [digits = ""] = typed.match(/\b\d{5}\b/) ?? [];
    return {
      trade: this.trade.chosen?.value ?? "",
      postcode: place?.postcode ?? digits,
      commune: place?.commune ?? typed.replace(digits, "").trim(),
      consents: this.consents.ticked,
    };
  }

  /** Everything typed or chosen by hand, to find it again; null when there is nothing. */
  get draft() {
    const { values } = this;
    const isTyped = ["first_name", "phone", "email", "note"].some((name) => values[name]);
    if (!isTyped && !values.wishes.length) return null;
    const picked = ({ chosen, typed }) => ({ chosen, typed });
    return { ...values, picked: { trade: picked(this.trade), commune: picked(this.commune) } };
  }

  fill({ wishes, consents, picked, ...texts }) {
    for (const name of ["first_name", "phone", "email", "note"]) {
      this.fields[name].value = texts[name];
      judge(this.fields[name], { isDone: true });
    }
    for (const box of this.element.querySelectorAll("[name=wish]")) box.checked = wishes.includes(box.value);
    for (const [name, { chosen, typed }] of Object.entries(picked)) {
      if (chosen) this[name].choose(chosen);
      else this[name].typed = typed;
    }
    this.note.open = Boolean(texts.note);
    this.consents.follow(this.values);
    this.consents.ticked = consents;
  }

  clear() {
    this.element.reset();
    this.note.open = false;
    for (const name of JUDGED) judge(this.fields[name]);
    this.consents.follow(this.values);
  }

  focus(name) {
    const picker = { trade: this.trade, commune: this.commune }[name];
    const field = picker?.input ?? (name === "consents" ? this.consents.first : this.fields[name]);
    field?.focus();
  }

  #finish(field) {
    if (field.name === "phone") field.value = spaced(field.value);
    judge(field, { isDone: true });
  }

  /** Enter goes on to the next field: on a telephone's keyboard it is the « next » key. */
  #advance(event) {
    if (event.key !== "Enter" || event.defaultPrevented || !event.target.matches(TYPED)) return;
    event.preventDefault();
    if (event.ctrlKey) return this.element.requestSubmit();
    const stops = [...this.element.querySelectorAll(`${TYPED}, [type=submit]`)];
    stops[stops.indexOf(event.target) + 1].focus();
  }
}
