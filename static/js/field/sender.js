// Sends what waits: at once when there is hope (a save, network back, the tab looked at), else less and
// less often. One tab sends at a time.
import { Parcels } from "./parcels.js";
import { summary } from "./records.js";
import { Refused, Unreachable } from "./server.js";

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 300_000; // milliseconds
const LOCK = "terrain-sending";

export class Sender extends EventTarget {
  #parcels = new Parcels();
  #failures = 0;
  #isSending = false;
  #isRung = false;
  #timer;

  /** Tries now. Rung while sending, it looks once more at the end. */
  async ring() {
    this.#isRung = true;
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#timer);
    try {
      while (this.#isRung) {
        this.#isRung = false;
        await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && this.#send());
      }
    } catch (error) {
      // Whatever it was, what waits is tried again; the console tells of it.
      this.#failures += 1;
      reportError(error);
    } finally {
      this.#isSending = false;
    }
    await this.#planIfNeeded();
  }

  async #planIfNeeded() {
    const { waiting } = await summary().catch(() => ({ waiting: 1 }));
    if (waiting) this.#plan();
  }

  #plan() {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures);
    this.#timer = setTimeout(() => this.ring(), pause * (0.5 + Math.random() / 2));
  }

  async #send() {
    try {
      for (let batch = await this.#parcels.next(); batch.length; batch = await this.#parcels.next()) {
        if (!(await this.#parcels.send(batch))) continue;
        this.#failures = 0;
        this.#tell("moved");
      }
      await this.#parcels.report();
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
      this.#failures += 1;
      this.#tell(error.status === 401 ? "unknown" : "unreachable");
    }
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}
