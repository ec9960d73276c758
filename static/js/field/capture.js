// « Enregistrer »: check, seal, keep, say so, and make room for the next person.
import { addRecord } from "./records.js";
import { review } from "./review.js";
import { part } from "./screen.js";
import { element } from "./suggestions.js";
import { seal } from "./seal.js";

const LONGEST_NOTE = 500;

export class Capture {
  #isSaving = false;
  /** The doubts somebody saw and may pass over. */
  #seen = "";

  /** `parts`: form, draft, enrolment, turns, done. */
  constructor(parts) {
    Object.assign(this, parts);
    this.form.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
  }

  async save() {
    if (this.#isSaving || !this.#isAccepted()) return;
    this.#isSaving = true;
    try {
      await this.draft.stop();
      await this.#keep();
    } catch (error) {
      this.#say(["Pas enregistré : la mémoire de l’appareil refuse. Exportez les fiches en attente, puis réessayez."]);
      await this.draft.resume();
      throw error;
    } finally {
      this.#isSaving = false;
    }
    this.#say([]);
    await this.done();
  }

  /** Forgets the doubts shown: what was typed has changed. */
  changed() {
    if (this.#seen) this.#say([]);
  }

  #isAccepted() {
    const { blocking, doubtful } = review(this.form.values);
    const found = blocking.length ? blocking : doubtful;
    const key = JSON.stringify(found);
    if (!found.length || (!blocking.length && key === this.#seen)) return true;
    this.#say(found.map(([, words]) => words), blocking.length ? "" : key);
    this.form.focus(found[0][0]);
    return false;
  }

  async #keep() {
    const { key, session, device } = this.enrolment.data;
    const { values } = this.form;
    const time = new Date().toISOString();
    const { id, first_name, goal } = this.turns.current;
    const content = {
      v: 1,
      capture_id: this.draft.id,
      ...values,
      // A number or address that no ticked box speaks of is not kept.
      phone: this.form.consents.covers("phone") ? values.phone : "",
      email: this.form.consents.covers("email") ? values.email : "",
      note: this.#note(values.note),
      language: "fr",
      device_time: time,
      clock_offset: Math.round(this.enrolment.lag / 1000),
      turn: { id, first_name, goal },
    };
    const sealed = await seal(content, key);
    const opening = { session: session?.id ?? null, device: device.id };
    await addRecord({ capture_id: this.draft.id, ...opening, turn: id, time, sealed }, this.draft.name);
  }

  /** A trade that is in no list goes with the note: nothing typed is lost. */
  #note(note) {
    const { typed } = this.form.trade;
    return [typed && `Métier : ${typed}`, note].filter(Boolean).join("\n").slice(0, LONGEST_NOTE);
  }

  #say(lines, seen = "") {
    this.#seen = seen;
    const problems = part("problems");
    problems.replaceChildren(...lines.map((line) => element("li", "", {}, line)));
    problems.hidden = !lines.length;
    part("save").textContent = seen ? "Enregistrer quand même" : "Enregistrer";
  }
}
