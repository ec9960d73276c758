// An autocomplete (WAI-ARIA combobox) on a text field with data-lookup-url. The chosen value goes into
// the hidden field named by data-lookup-target; without JavaScript the server reads the typed text.
import { Lookup, element, suggestion } from "./lookup.js";

const started = new WeakSet();
let serial = 0;

function enhance(input) {
  const target = document.getElementById(input.dataset.lookupTarget ?? "");
  const lookup = new Lookup(input.dataset.lookupUrl, { kind: input.dataset.lookupKind });
  const id = `combobox-${++serial}`;
  const name = input.labels?.[0]?.firstChild.textContent.trim() ?? "Suggestions";
  const list = element("ul", "combobox__list", { id, role: "listbox", "aria-label": name });
  const status = element("p", "visually-hidden", { role: "status" });
  const box = element("div", "combobox");
  let active = -1;

  function mark(index) {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", at === index));
    const option = list.children[index];
    input.toggleAttribute("aria-activedescendant", Boolean(option));
    if (!option) return;
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", isOpen);
    mark(-1);
  }

  function close() {
    lookup.cancel();
    open(false);
  }

  function show(found) {
    const options = found.map((result, index) => {
      const option = suggestion(result, `${id}-${index}`);
      option.addEventListener("click", () => choose(result));
      return option;
    });
    list.replaceChildren(...options);
    open(found.length > 0);
    status.textContent = found.length ? `Suggestions : ${found.length}` : "Aucune suggestion";
  }

  function fail(error) {
    if (error.name === "AbortError") return;
    open(false); // no network: what is typed stays, and the server will read it
    status.textContent = "Suggestions indisponibles. Vous pouvez continuer à écrire.";
  }

  function choose({ label, value }) {
    input.value = label;
    if (target) target.value = value;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function typed() {
    if (target) target.value = "";
    const query = input.value.trim();
    if (query.length < 2) close();
    else lookup.ask(query, { found: show, failed: fail });
  }

  function key(event) {
    if (list.hidden) return;
    const count = list.children.length;
    if (event.key === "ArrowDown") mark((active + 1) % count);
    else if (event.key === "ArrowUp") mark((Math.max(active, 0) - 1 + count) % count);
    else if (event.key === "Enter" && active >= 0) list.children[active].click();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  }

  const hadFocus = document.activeElement === input;
  input.replaceWith(box);
  box.append(input, list, status);
  const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": id };
  for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
  input.autocomplete = "off";
  open(false);
  input.addEventListener("input", typed);
  input.addEventListener("keydown", key);
  input.addEventListener("blur", close);
  // A press on the list must leave the focus in the field.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  if (!hadFocus) return;
  input.focus(); // moving it took the focus away
  if (input.value !== input.defaultValue) typed(); // while this file was on its way
}

export function start(inputs) {
  for (const input of inputs) {
    if (started.has(input)) continue;
    started.add(input);
    enhance(input);
  }
}
