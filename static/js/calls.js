// The calling screen: time left of the lease, shortcuts, fields that go with the outcome.
const MARK = "appels-raccourcis";
const form = document.querySelector("[data-call-form]");
const number = document.querySelector("[data-call-number]");

function typing(target) {
  return target.closest("textarea, select, input:not([type=radio], [type=checkbox])");
}

function showDetails() {
  const effect = form.querySelector("[data-effect]:checked")?.dataset.effect;
  for (const detail of form.querySelectorAll("[data-for]")) {
    const failed = detail.querySelector(".field--error");
    detail.hidden = detail.dataset.for !== effect && !failed;
  }
}

function choose(radio) {
  radio.checked = true;
  showDetails();
  const detail = form.querySelector(`[data-for="${radio.dataset.effect}"] input`);
  (detail ?? radio).focus();
}

function listen(bar) {
  const toggle = form.querySelector("[data-call-keys-switch]");
  const box = toggle.querySelector("input");
  toggle.hidden = false;
  box.checked = localStorage.getItem(MARK) !== "non";
  box.addEventListener("change", () => localStorage.setItem(MARK, box.checked ? "oui" : "non"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=next]"));
    } else if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
    } else if (box.checked && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      shortcut(event, bar);
    }
  });
}

function shortcut(event, bar) {
  const key = event.key.toLowerCase();
  const radio = [...form.querySelectorAll("[data-shortcut]")].find((one) => one.dataset.shortcut === key);
  if (radio) choose(radio);
  else if (key === "c" && number) number.click();
  else if (key === "n") form.querySelector("textarea").focus();
  else if (key === "e") bar.querySelector("[data-call-extend]").requestSubmit();
  else return;
  event.preventDefault();
}

function countDown(bar) {
  const left = bar.querySelector("[data-call-left]");
  const status = bar.querySelector("[data-call-status]");
  let end = performance.now() + bar.dataset.seconds * 1000;
  let said = "";
  const say = (text) => text !== said && (status.textContent = said = text);
  const draw = () => {
    const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
    const minutes = Math.floor(seconds / 60);
    left.hidden = false;
    left.textContent = ` (${minutes} min ${String(seconds % 60).padStart(2, "0")} s)`;
    bar.classList.toggle("call-lease--ending", seconds < 120);
    bar.classList.toggle("call-lease--over", seconds === 0);
    if (seconds === 0) say("La réservation est terminée : prolongez-la.");
    else if (seconds < 120) say("Moins de deux minutes de réservation.");
    else say("");
  };
  draw();
  setInterval(draw, 1000);
  return (seconds) => {
    end = performance.now() + seconds * 1000;
    const until = new Date(Date.now() + seconds * 1000);
    bar.querySelector("[data-call-until]").textContent =
      `${until.getHours()} h ${String(until.getMinutes()).padStart(2, "0")}`;
    draw();
  };
}

function keep(bar, restart) {
  const extend = bar.querySelector("[data-call-extend]");
  let leaving = false;
  const prolong = async () => {
    const answer = await fetch(bar.dataset.extendUrl, {
      method: "POST", body: new FormData(extend), headers: { Accept: "text/plain" },
    });
    if (answer.ok) restart(Number(await answer.text()));
  };
  extend.addEventListener("submit", (event) => {
    event.preventDefault();
    prolong();
  });
  // A page that was reloaded had been left for a moment.
  if (bar.dataset.seconds < 60) prolong();
  addEventListener("submit", (event) => (leaving = !event.defaultPrevented || leaving), false);
  addEventListener("pagehide", () => {
    if (leaving) return;
    const data = new FormData(extend);
    data.set("leaving", "1");
    navigator.sendBeacon(bar.dataset.leaveUrl, data);
  });
}

export function start([bar]) {
  form.addEventListener("change", showDetails);
  showDetails();
  keep(bar, countDown(bar));
  listen(bar);
}
