// Loads a behaviour only where the page asks for it; every page works without any of them.
const behaviours = [
  ["[data-menu]", () => import("./nav.js")],
  ["[data-theme-switch]", () => import("./theme.js")],
  ["[data-flash]", () => import("./flash.js")],
  ["[data-confirm]", () => import("./confirm.js")],
  ["[data-lookup-url]", () => import("./combobox.js")],
  ["[data-print]", () => import("./print.js")],
  ["[data-copy]", () => import("./copy.js")],
  ["[data-form], [data-error-summary]", () => import("./form.js")],
];

async function enhance(root) {
  for (const [selector, load] of behaviours) {
    const found = root.querySelectorAll(selector);
    if (found.length) (await load()).start([...found]);
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) enhance(event.target.parentElement ?? event.target);
});
