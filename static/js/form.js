// Sends a form once, warns before what was typed is lost, and brings the eye to the first error.
const started = new WeakSet();

function guardDoubleSubmit(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "true";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Coming back with the browser's own "back" shows the form as it was left.
  addEventListener("pageshow", () => {
    delete form.dataset.sending;
    form.querySelectorAll('[aria-busy="true"]').forEach((node) => node.removeAttribute("aria-busy"));
  });
}

function isChanged(control) {
  if (control.type === "checkbox" || control.type === "radio") {
    return control.checked !== control.defaultChecked;
  }
  if (!control.options) return control.value !== control.defaultValue;
  const offered = [...control.options];
  // Of a list that marks none, a browser chooses the first.
  const isMarked = control.multiple || offered.some((option) => option.defaultSelected);
  if (!isMarked) return control.selectedIndex > 0;
  return offered.some((option) => option.selected !== option.defaultSelected);
}

function guardUnsaved(form) {
  // A quick hand types before this file has arrived.
  let dirty = [...form.querySelectorAll("input, select, textarea")].some(isChanged);
  form.addEventListener("input", () => (dirty = true));
  form.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
}

function focusFirstError(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const field = target.matches("input, select, textarea")
      ? target
      : target.querySelector("input, select, textarea");
    (field ?? target).focus();
    target.closest(".field")?.scrollIntoView({ block: "center" });
  });
}

export function start(nodes) {
  for (const node of nodes) {
    if (started.has(node)) continue;
    started.add(node);
    if (node.matches("[data-error-summary]")) focusFirstError(node);
    if (node.matches("[data-form]")) guardDoubleSubmit(node);
    if (node.matches("[data-confirm-leave]")) guardUnsaved(node);
  }
}
