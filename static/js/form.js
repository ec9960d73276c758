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

function guardUnsaved(form) {
  let dirty = false;
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
