// Asks the server for suggestions: {"results": [{"value", "label", "detail", "kind"}]}.
// Only the last question gets an answer: typing on abandons the ones before.
export class Lookup {
  constructor(address, { kind = "", wait = 180 } = {}) {
    this.address = address;
    this.kind = kind;
    this.wait = wait;
  }

  cancel() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  ask(query, { found, failed }) {
    this.cancel();
    this.timer = setTimeout(() => this.fetch(query).then(found, failed), this.wait);
  }

  async fetch(query) {
    const url = new URL(this.address, location.href);
    url.searchParams.set("q", query);
    if (this.kind) url.searchParams.set("kind", this.kind);
    this.request = new AbortController();
    const { signal } = this.request;
    const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`Suggestions: ${answer.status}`);
    return (await answer.json()).results;
  }
}

export function element(tag, className, attributes = {}, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

/** One suggestion as an option of a list; ids are "<list id>-<index>". */
export function suggestion(result, id) {
  const option = element("li", "combobox__option", { id, role: "option", "aria-selected": "false" });
  option.append(element("span", "combobox__label", {}, result.label));
  if (result.detail) option.append(" ", element("span", "combobox__detail", {}, result.detail));
  return option;
}
