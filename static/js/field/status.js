// Where the records are: a pill that is always in sight, warnings when people must act, and the list.
import { lastRecords, summary } from "./records.js";
import { part } from "./screen.js";
import { element } from "./suggestions.js";

const LISTED = 40;
const DAY = 24 * 3_600_000; // milliseconds
const STATES = { waiting: "en attente", stuck: "à exporter", sent: "envoyé" };

const records = (count) => (count > 1 ? `${count} fiches` : `${count} fiche`);

export function ageOf(time, now = Date.now()) {
  const minutes = Math.max(0, Math.floor((now - Date.parse(time)) / 60_000));
  if (minutes < 1) return "moins d’une minute";
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} jours`;
}

export class Status {
  constructor(enrolment) {
    this.enrolment = enrolment;
    setInterval(() => this.show(), 30_000);
  }

  async show() {
    const now = await summary();
    const { unsent, stuck, oldest } = now;
    const pill = part("pill");
    pill.textContent = unsent ? `${unsent} en attente` : "Tout est envoyé";
    pill.dataset.state = stuck || isOld(oldest) ? "late" : unsent ? "waiting" : "sent";
    part("unsent").textContent = unsent
      ? `${records(unsent)} en attente, la plus ancienne depuis ${ageOf(oldest)}.`
      : "Toutes les fiches sont envoyées.";
    part("retry").hidden = !stuck;
    part("export").hidden = !unsent;
    this.#warn(now);
    if (part("records").open) await this.#list();
  }

  #warn({ unsent, stuck, oldest }) {
    const kept = unsent ? ` Rien n’est perdu : ${records(unsent)} en attente.` : "";
    const said = [
      this.enrolment.data && this.enrolment.isLost && `Rescannez le QR code du terrain pour envoyer.${kept}`,
      stuck && `${records(stuck)} à exporter : le serveur n’a pas pu les lire.`,
      isOld(oldest) && "Des fiches attendent depuis plus de 24 h : cherchez du réseau, ou exportez-les.",
      this.enrolment.isOver && "Cette session est terminée : scannez un autre QR code pour de nouvelles fiches.",
    ].find(Boolean);
    const place = part("warning");
    // Said once: a live region repeats what is written again.
    if (place.textContent !== (said || "")) place.textContent = said || "";
    place.hidden = !said;
  }

  /** The last records, each with its state; what they say is sealed. */
  async #list() {
    const rows = (await lastRecords(LISTED)).map(({ time, state }) => {
      const when = new Date(time).toLocaleString("fr-FR", { dateStyle: "short", timeStyle: "short" });
      const row = element("li", "record");
      row.append(element("span", "figures", {}, when), element("span", `record__state record__state--${state}`, {}, STATES[state]));
      return row;
    });
    part("list").replaceChildren(...rows);
  }
}

const isOld = (time) => Boolean(time) && Date.now() - Date.parse(time) > DAY;
