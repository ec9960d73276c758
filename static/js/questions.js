// Sorting questions without a mouse: arrows go from one to the next, a letter presses the button that
// bears it. Letters act only on the question that has the focus, never on what is being typed.
const ACCENTS = { é: "e", è: "e" };

function onKey(event) {
  const card = event.target.closest("[data-question]");
  if (!card || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const pressed = event.key.toLowerCase();
  const key = ACCENTS[pressed] ?? pressed;
  if (key === "arrowdown" || key === "arrowup") {
    const next = key === "arrowdown" ? card.nextElementSibling : card.previousElementSibling;
    if (!next) return;
    event.preventDefault();
    next.focus();
    return;
  }
  const control = /^[a-z]$/.test(key) && card.querySelector(`[data-key="${key}"]`);
  if (!control) return;
  event.preventDefault();
  control.click();
}

export function start(lists) {
  for (const list of lists) {
    if (list.dataset.started) continue;
    list.dataset.started = "";
    list.addEventListener("keydown", onKey);
    for (const card of list.querySelectorAll("[data-question]")) card.tabIndex = 0;
    document.querySelector("[data-question-keys]")?.removeAttribute("hidden");
  }
}
