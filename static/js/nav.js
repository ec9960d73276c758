// Menus are <details>: this closes them on Escape, on a click elsewhere and when focus leaves.
const started = new WeakSet();

function close(menu, { refocus = false } = {}) {
  if (!menu.open) return;
  menu.open = false;
  if (refocus) menu.querySelector("summary").focus();
}

export function start(menus) {
  for (const menu of menus) {
    if (started.has(menu)) continue;
    started.add(menu);
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close(menu, { refocus: true });
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu);
    });
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) close(menu);
    });
  }
}
