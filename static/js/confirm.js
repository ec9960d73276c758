// Asks the question of data-confirm in a <dialog> before the form is sent.
const dialog = document.getElementById("dialog-confirm");
const confirmed = new WeakSet();
const started = new WeakSet();
let asking = null;

function ask(button) {
  asking = button;
  dialog.querySelector("[data-confirm-question]").textContent = button.dataset.confirm;
  dialog.querySelector("[data-confirm-yes]").textContent =
    button.dataset.confirmLabel ?? button.textContent.trim();
  dialog.returnValue = "cancel";
  dialog.showModal();
}

dialog?.addEventListener("close", () => {
  const button = asking;
  asking = null;
  if (dialog.returnValue !== "confirm") return;
  confirmed.add(button);
  button.click();
  confirmed.delete(button);
});

export function start(buttons) {
  if (!dialog) return;
  for (const button of buttons) {
    if (started.has(button)) continue;
    started.add(button);
    button.addEventListener("click", (event) => {
      if (confirmed.has(button)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(button);
    });
  }
}
