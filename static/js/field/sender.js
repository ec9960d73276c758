// Sends what waits: at once when there is hope (a save, network back, the tab looked at), else less and
// less often. One tab sends at a time. Nothing is dropped before the server said "stored".
import { markSent, markStuck, nextBatch, summary } from "./records.js";
import { Refused, Unreachable, upload } from "./server.js";

const BATCH = 200;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 300_000; // milliseconds
const LOCK = "terrain-sending";

export class Sender extends EventTarget {
  #limit = BATCH;
  #failures = 0;
  #isSending = false;
  #isRung = false;
  #timer;
  /** How many unsent records the server was last told of. */
  #told;

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
      for (let batch = await nextBatch(this.#limit); batch.length; batch = await nextBatch(this.#limit)) {
        await this.#sendBatch(batch);
      }
      if ((await summary()).unsent !== this.#told) await this.#post([]);
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
      this.#failures += 1;
      this.#tell(error.status === 401 ? "unknown" : "unreachable");
    }
  }

  async #sendBatch(batch) {
    try {
      await this.#apply(await this.#post(batch), batch);
    } catch (error) {
      if (!(error instanceof Refused) || ![400, 413].includes(error.status)) throw error;
      await this.#narrow(batch);
    }
  }

  /** Says with each parcel what will be left once it is stored. */
  async #post(records) {
    const { unsent, oldest } = await summary();
    const left = unsent - records.length;
    const answer = await upload({ records, unsent: left, oldest: left ? oldest : null });
    this.#told = left;
    return answer;
  }

  async #apply({ answers = [] }, batch) {
    const asked = new Set(batch.map(({ capture_id }) => capture_id));
    const having = (status) =>
      answers.filter((one) => one.status === status && asked.has(one.capture_id)).map((one) => one.capture_id);
    const [stored, malformed] = [having("stored"), having("malformed")];
    await markSent(stored);
    await markStuck(malformed);
    if (!stored.length && !malformed.length) throw new Unreachable("no answer about any record");
    this.#failures = 0;
    this.#limit = Math.min(BATCH, this.#limit * 2);
    this.#tell("moved");
  }

  /** A parcel refused as a whole: smaller ones, until the record at fault is alone and set aside. */
  async #narrow(batch) {
    if (batch.length > 1) {
      this.#limit = Math.ceil(batch.length / 2);
      return;
    }
    await markStuck([batch[0].capture_id]);
    this.#tell("moved");
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}
