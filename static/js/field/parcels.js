// What leaves in one go: as many records as the server takes, fewer after it refused a parcel. Nothing is
// dropped before the server said "stored".
import { markSent, markStuck, nextBatch, summary } from "./records.js";
import { Refused, Unreachable, upload } from "./server.js";

const MOST = 200;

export class Parcels {
  #limit = MOST;
  /** How many unsent records the server was last told of. */
  #told;

  /** The oldest records that wait; none when all is sent. */
  next() {
    return nextBatch(this.#limit);
  }

  /** Whether any record is no longer waiting after it. Throws Unreachable, Refused. */
  async send(batch) {
    try {
      await this.#apply(await this.#post(batch), batch);
    } catch (error) {
      if (!(error instanceof Refused) || ![400, 413].includes(error.status)) throw error;
      return this.#narrow(batch);
    }
    return true;
  }

  /** Says how many records are left, when that is news. */
  async report() {
    if ((await summary()).unsent !== this.#told) await this.#post([]);
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
    this.#limit = Math.min(MOST, this.#limit * 2);
  }

  /** A parcel refused as a whole: smaller ones, until the record at fault is alone and set aside. */
  async #narrow(batch) {
    if (batch.length > 1) {
      this.#limit = Math.ceil(batch.length / 2);
      return false;
    }
    await markStuck([batch[0].capture_id]);
    return true;
  }
}
