// What the page shows of whom it serves: session, first name, count against the goal, words to read.
import { start as startTheme } from "../theme.js";
import { cheer } from "./turns.js";

const TROUBLE = "Un problème est survenu sur cet appareil : rechargez la page. Les fiches enregistrées y restent.";

export const part = (name) => document.querySelector(`[data-${name}]`);

export async function showTurn(turns, enrolment) {
  const { current } = turns;
  part("pass").hidden = !current;
  if (!current) return 0;
  const count = await turns.count(enrolment.data.mine);
  part("turn-name").textContent = current.first_name;
  part("count").textContent = `${count} / ${current.goal}`;
  part("cheer").textContent = cheer(count, current.goal);
  Object.assign(part("goal"), { max: current.goal, value: Math.min(count, current.goal) });
  return count;
}

export function showSession({ data }, consents) {
  for (const name of ["screen", "pill"]) part(name).hidden = !data;
  part("welcome").hidden = Boolean(data);
  part("brand").hidden = Boolean(data);
  if (!data) return;
  part("session").textContent = [data.session?.label, data.session?.organisation].filter(Boolean).join(" · ");
  consents.show(data.wordings);
}

export function sayNews(text) {
  part("news").textContent = text;
  part("news").hidden = !text;
}

/** What cannot be worked around: said where warnings are. */
function sayWarning(text) {
  part("warning").textContent = text;
  part("warning").hidden = false;
}

/** What works before anybody is known: light or dark, the pasted link, a word when all fails. */
export function startScreen() {
  addEventListener("unhandledrejection", () => sayWarning(TROUBLE));
  startTheme([...document.querySelectorAll("[data-theme-switch]")]);
  followLink(part("link"));
}

/** The link of a field QR code, pasted: only an address of this site that opens a session. */
function followLink(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = form.elements.link.value.trim();
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url?.origin === location.origin && url.pathname.startsWith("/t/")) location.assign(url);
    else part("link").querySelector(".hint").textContent = "Ce n’est pas un lien de terrain : copiez-le en entier.";
  });
}
