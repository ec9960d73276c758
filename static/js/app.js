// Loads a behaviour only where the page asks for it; every page works without any of them.
// All at once, the one that keeps what is typed from being lost asked for first.
const behaviours = [
  ["[data-form], [data-error-summary]", () => import("./form.js")],
  ["[data-lookup-url]", () => import("./combobox.js")],
  ["[data-confirm]", () => import("./confirm.js")],
  ["[data-menu]", () => import("./nav.js")],
  ["[data-theme-switch]", () => import("./theme.js")],
  ["[data-flash]", () => import("./flash.js")],
  ["[data-print]", () => import("./print.js")],
  ["[data-call]", () => import("./calls.js")],
  ["[data-agenda]", () => import("./agenda.js")],
  ["[data-map]", () => import("./map.js")],
  ["[data-enter-moves]", () => import("./enter_moves.js")],
  ["[data-copy]", () => import("./copy.js")],
  ["[data-tally]", () => import("./tally.js")],
  ["[data-shrink]", () => import("./shrink.js")],
  ["[data-countdown]", () => import("./countdown.js")],
  ["[data-board]", () => import("./board.js")],
  ["[data-questions]", () => import("./questions.js")],
  ["[data-basket]", () => import("./basket.js")],
];

async function enhance(root) {
  const started = behaviours.map(async ([selector, load]) => {
    const found = root.querySelectorAll(selector);
    if (found.length) (await load()).start([...found]);
  });
  await Promise.all(started);
}

document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) enhance(event.target.parentElement ?? event.target);
});
enhance(document).then(() => (document.documentElement.dataset.enhanced = ""));
