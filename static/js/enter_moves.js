// In a grid typed by keyboard the Enter key goes to the next box, and from the last one to the button.
const started = new WeakSet();
const BOXES = 'input:not([type="hidden"]), select, button[type="submit"]';

function move(event) {
  const { target, key, currentTarget: form } = event;
  if (key !== "Enter" || event.isComposing || !target.matches("input, select")) return;
  event.preventDefault();
  const boxes = [...form.querySelectorAll(BOXES)].filter((box) => !box.disabled);
  const next = boxes[boxes.indexOf(target) + 1];
  next?.focus();
  if (next?.matches('input:not([type="checkbox"])')) next.select?.();
}

export function start(forms) {
  for (const form of forms) {
    if (started.has(form)) continue;
    started.add(form);
    form.addEventListener("keydown", move);
  }
}
