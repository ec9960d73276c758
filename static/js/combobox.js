// An autocomplete (WAI-ARIA combobox) on a text field with data-lookup-url. The chosen value goes into
// the hidden field named by data-lookup-target; without JavaScript the server reads the typed text.
const started = new WeakSet();
let serial = 0;

function element(tag, className, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

class Combobox {
  constructor(input) {
    this.input = input;
    this.target = document.getElementById(input.dataset.lookupTarget ?? "");
    this.results = [];
    this.active = -1;
    this.build();
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // mousedown, not click: the field must keep the focus.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
  }

  build() {
    const { input } = this;
    const id = `combobox-${++serial}`;
    this.list = element("ul", "combobox__list");
    this.status = element("p", "visually-hidden");
    const box = element("div", "combobox");
    input.replaceWith(box);
    box.append(input, this.list, this.status);
    const name = input.labels?.[0]?.textContent.trim() ?? "Suggestions";
    Object.assign(this.list, { id, role: "listbox", ariaLabel: name, hidden: true });
    this.status.role = "status";
    Object.assign(input, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
    input.setAttribute("aria-controls", id);
    input.setAttribute("autocomplete", "off");
  }

  typed() {
    if (this.target) this.target.value = "";
    clearTimeout(this.timer);
    this.request?.abort();
    const query = this.input.value.trim();
    if (query.length < 2) return this.close();
    this.timer = setTimeout(() => this.search(query), 180);
  }

  async search(query) {
    const url = new URL(this.input.dataset.lookupUrl, location.href);
    url.searchParams.set("q", query);
    this.request = new AbortController();
    try {
      const answer = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.show((await answer.json()).results);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.close(); // no network: what is typed is kept and the server will read it
      this.status.textContent = "Suggestions indisponibles. Vous pouvez continuer à écrire.";
    }
  }

  show(results) {
    this.results = results;
    this.list.replaceChildren(
      ...results.map((result, index) => {
        const option = element("li", "combobox__option");
        Object.assign(option, { id: `${this.list.id}-${index}`, role: "option", ariaSelected: "false" });
        option.dataset.index = index;
        option.append(element("span", "combobox__label", result.label));
        if (result.detail) option.append(" ", element("span", "combobox__detail", result.detail));
        return option;
      }),
    );
    this.open(results.length > 0);
    const count = results.length;
    this.status.textContent = count ? `${count} suggestion${count > 1 ? "s" : ""}` : "Aucune suggestion";
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.ariaExpanded = String(isOpen);
    this.mark(-1);
  }

  close() {
    this.open(false);
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((option, at) => (option.ariaSelected = String(at === index)));
    const option = this.list.children[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  choose(index) {
    const { label, value } = this.results[index];
    this.input.value = label;
    if (this.target) this.target.value = value;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  key(event) {
    const count = this.list.hidden ? 0 : this.results.length;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (count && event.key in moves) this.mark((this.active + moves[event.key] + count) % count);
    else if (count && event.key === "Enter" && this.active >= 0) this.choose(this.active);
    else if (count && event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
}

export function start(inputs) {
  for (const input of inputs) {
    if (started.has(input)) continue;
    started.add(input);
    new Combobox(input);
  }
}
