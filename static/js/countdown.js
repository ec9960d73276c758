// The waiting page: counts down by the server's clock, asks it now and then, opens by itself.
const GENTLE = 60000; // ms between two questions while the hour is far
const SOON = 8000; // once it has come
const SPREAD = 5000; // not everybody at the same instant
const UNITS = [
  [86400, "jour", "jours"], [3600, "heure", "heures"], [60, "minute", "minutes"],
  [1, "seconde", "secondes"],
];

// The two largest units; seconds only count in the last minutes.
function words(seconds) {
  let rest = seconds > 600 ? Math.ceil(seconds / 60) * 60 : seconds;
  const parts = [];
  for (const [size, one, many] of UNITS) {
    const number = Math.floor(rest / size);
    rest -= number * size;
    if (number) parts.push(`${number} ${number > 1 ? many : one}`);
  }
  return parts.slice(0, 2).join(" et ");
}

function wait(node) {
  const shown = node.querySelector("[data-countdown-left]");
  const enter = node.querySelector("[data-countdown-enter]");
  let opensAt = performance.now() + Number(node.dataset.countdown) * 1000;
  let timer;
  const left = () => Math.max(opensAt - performance.now(), 0);

  function tick() {
    shown.textContent = words(Math.ceil(left() / 1000)) || "un instant…";
  }

  function plan() {
    clearTimeout(timer);
    const pause = left() > 0 ? Math.min(left(), GENTLE) : SOON;
    timer = setTimeout(ask, pause + Math.random() * SPREAD);
  }

  async function ask() {
    try {
      const answer = await fetch(node.dataset.state, { cache: "no-store" });
      if (answer.status === 404) return location.reload(); // another link was mailed meanwhile
      if (answer.ok) {
        const { door, left: seconds } = await answer.json();
        if (door !== "early") return open(door);
        if (seconds !== null) opensAt = performance.now() + seconds * 1000;
      }
    } catch {
      // No network: the page keeps counting, and asks again.
    }
    plan();
  }

  // Only who ticked the box goes in unasked: programs that read mails never do.
  function open(door) {
    if (door === "open" && enter.elements.at_once.checked) enter.requestSubmit();
    else location.reload();
  }

  enter.hidden = false;
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  tick();
  plan();
}

export function start(nodes) {
  for (const node of nodes) {
    if (node.dataset.started !== undefined) continue;
    node.dataset.started = "";
    wait(node);
  }
}
