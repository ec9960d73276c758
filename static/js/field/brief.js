// The sheet of the action: kept encrypted as long as the session goes on, so that it is read without
// network. It holds nobody's number; the pilot's is asked for when wanted, and kept nowhere.
import { Refused, Unreachable, fetchBrief, fetchPilot } from "./server.js";
import { tellOthers, whenTold } from "./tabs.js";
import { forget, keep, recall } from "./vault.js";

const NAME = "brief";

export class Brief extends EventTarget {
  /** `{session, brief, now}` as the server last said; nothing without a sheet. */
  kept = null;

  constructor(enrolment) {
    super();
    this.enrolment = enrolment;
    whenTold(NAME, () => this.recall());
  }

  async recall() {
    this.kept = (await recall(NAME)) ?? null;
    await this.check();
  }

  /** Drops what may not stay: of a session that is over, lost, or another one than today's. */
  async check() {
    if (this.#mayKeep(this.kept?.session)) return this.#tell();
    return this.#drop();
  }

  /** Takes the server's word; without network, what is kept stays. */
  async refresh() {
    await this.check();
    if (!this.#mayKeep(this.enrolment.data?.session?.id)) return;
    try {
      const answer = await fetchBrief();
      if (!answer.brief || !this.#mayKeep(answer.session)) return await this.#drop();
      this.kept = answer;
      await keep(NAME, answer);
      tellOthers(NAME);
      this.#tell();
    } catch (error) {
      this.#unanswered(error);
    }
  }

  /** Who leads the action, or null when nobody can be called; undefined without network. */
  async askPilot() {
    try {
      return (await fetchPilot()).pilot;
    } catch (error) {
      return this.#unanswered(error);
    }
  }

  #unanswered(error) {
    if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
    if (error.status === 401) this.enrolment.lose();
  }

  #mayKeep(session) {
    const { data, isLost, isOver } = this.enrolment;
    return Boolean(session) && session === data?.session?.id && !isLost && !isOver;
  }

  async #drop() {
    if (this.kept) {
      this.kept = null;
      await forget(NAME);
      tellOthers(NAME);
    }
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
