// Quick counters: the figure moves at once, each step is sent until the server has it.
// Every step has its own identifier, so sending it again counts it once.
const RETRY_MS = 4000;

export function start(cards) {
  for (const card of cards) {
    if (card.dataset.started) continue;
    card.dataset.started = "";
    count(card);
  }
}

function offerUndo(undo, sent) {
  undo.elements.undoes.value = sent.get("tally_id");
  undo.elements.tally_id.value = crypto.randomUUID();
  undo.querySelector("button span").textContent = `Reprendre +${sent.get("count")}`;
  undo.hidden = false;
}

function count(card) {
  const [form, undo] = card.querySelectorAll("form");
  const total = card.querySelector("[data-tally-total]");
  const state = card.querySelector("[data-tally-state]");
  const waiting = [];
  let sending = false;
  const pending = () => waiting.reduce((sum, data) => sum + Number(data.get("count")), 0);
  const tell = () => (state.textContent = waiting.length ? "En attente d’envoi…" : "");

  async function send() {
    if (sending || !waiting.length) return;
    sending = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: waiting[0], headers: { accept: "application/json" },
      });
      if (!answer.ok) return refuse(answer.status);
      const known = (await answer.json()).total;
      offerUndo(undo, waiting.shift());
      total.textContent = known + pending();
    } catch {
      setTimeout(send, RETRY_MS); // no network: this page keeps it and tries again
      return;
    } finally {
      sending = false;
      tell();
    }
    send();
  }

  function refuse(status) {
    if (status >= 500) return setTimeout(send, RETRY_MS);
    waiting.length = 0;
    location.reload(); // logged out, or the action is over: the page says so
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    data.set("tally_id", crypto.randomUUID());
    waiting.push(data);
    total.textContent = Number(total.textContent) + Number(data.get("count"));
    undo.hidden = true; // until the server has the step that it would take back
    tell();
    send();
  });
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (waiting.length) event.preventDefault();
  });
}
