// The live board: asks whether something changed, as often as the server says, and shows it.
const SPREAD = 2000; // ms
const PATIENCE = 30; // seconds, after a failure

function follow(node) {
  const news = document.querySelector("[data-board-news]");
  let tag = "";
  let timer;
  const count = () => node.querySelectorAll("li").length;

  function show(html, supported) {
    const before = count();
    const held = node.contains(document.activeElement) ? document.activeElement.id : "";
    node.innerHTML = html;
    for (const number of supported) {
      const button = document.getElementById(`soutien-${number}`);
      button?.setAttribute("aria-pressed", "true");
      if (button) button.name = "withdraw";
    }
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
    if (news && count() > before) news.textContent = "La liste des questions a changé.";
  }

  // `seconds`: as the server wrote them, nothing once the session is over.
  function plan(seconds) {
    clearTimeout(timer);
    if (seconds) wait(seconds * 1000);
  }

  function wait(pause) {
    timer = setTimeout(look, pause + Math.random() * SPREAD);
  }

  async function look() {
    if (document.hidden) return; // asks again when somebody looks
    try {
      const headers = tag ? { "if-none-match": tag } : {};
      const answer = await fetch(node.dataset.board, { headers, cache: "no-store" });
      if (answer.redirected || answer.status === 404) return location.reload();
      if (answer.status === 200) {
        tag = answer.headers.get("etag");
        const supported = answer.headers.get("x-supported") ?? "";
        show(await answer.text(), supported.split(" ").filter(Boolean));
      }
      if (answer.ok || answer.status === 304) plan(answer.headers.get("x-again"));
      else plan(PATIENCE);
    } catch {
      plan(PATIENCE); // no network
    }
  }

  document.querySelector("[data-board-support]")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { target: form, submitter } = event;
    try {
      const body = new FormData(form, submitter);
      await fetch(form.action, { method: "POST", body, redirect: "manual" });
    } catch {
      news.textContent = "Pas de réseau : votre soutien n’est pas parti, réessayez.";
    }
    look();
  });
  document.addEventListener("visibilitychange", look);
  plan(node.dataset.boardAgain);
}

export function start(nodes) {
  for (const node of nodes) {
    if (node.dataset.started !== undefined) continue;
    node.dataset.started = "";
    follow(node);
  }
}
