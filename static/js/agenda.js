// An action is dragged to another day of the calendar; « Déplacer » does the same without a mouse.
const DAY = 86400000;
const form = document.querySelector("[data-agenda-drop]");
let held = null;

const utc = (iso) => Date.parse(`${iso}T00:00Z`);

// Grabbed by its third day, an action of several days is put down by its third day.
function newFirstDay(target) {
  const shift = Math.round((utc(target) - utc(held.from)) / DAY);
  return new Date(utc(held.link.dataset.first) + shift * DAY).toISOString().slice(0, 10);
}

function send(target) {
  const first = newFirstDay(target);
  if (first === held.link.dataset.first) return;
  form.action = held.link.dataset.move;
  form.elements.day.value = first;
  form.elements.revision.value = held.link.dataset.revision;
  form.submit();
}

function mark(day) {
  for (const marked of document.querySelectorAll(".day--drop")) marked.classList.remove("day--drop");
  day?.classList.add("day--drop");
}

export function start(agendas) {
  if (!form) return;
  for (const agenda of agendas) {
    agenda.addEventListener("dragstart", (event) => {
      const link = event.target.closest?.("[data-move]");
      if (!link) return;
      held = { link, from: link.closest("[data-day]").dataset.day };
      event.dataTransfer.effectAllowed = "move";
    });
    agenda.addEventListener("dragover", (event) => {
      const day = event.target.closest("[data-day]");
      if (!held || !day) return;
      event.preventDefault();
      mark(day);
    });
    agenda.addEventListener("drop", (event) => {
      const day = event.target.closest("[data-day]");
      if (!held || !day) return;
      event.preventDefault();
      send(day.dataset.day);
    });
    agenda.addEventListener("dragend", () => {
      held = null;
      mark(null);
    });
  }
}
