// For whom this device captures: session, public key, wordings, as the server last said. It holds
// offline; a server that no longer knows the device loses nothing of what was captured.
import { lagOf, measure } from "./clock.js";
import { prepareKey } from "./seal.js";
import { Refused, Unreachable, fetchData } from "./server.js";
import { tellOthers } from "./tabs.js";
import { keep, recall } from "./vault.js";

const NAME = "enrolment";
const FRESH = 10 * 60_000; // milliseconds

export class Enrolment extends EventTarget {
  data = null;
  /** The server no longer knows this device: its QR code must be scanned again. */
  isLost = false;
  #asked = -Infinity;

  async recall() {
    this.data = (await recall(NAME)) ?? null;
    if (this.data) prepareKey(this.data.key);
  }

  /** Asks the server, unless it was asked a moment ago. */
  async refresh({ force = false } = {}) {
    if (!force && performance.now() - this.#asked < FRESH) return;
    this.#asked = performance.now();
    const asked = Date.now();
    try {
      const data = await fetchData();
      this.data = { ...data, clock: measure(data.now, asked) };
      this.isLost = false;
      prepareKey(this.data.key);
      await keep(NAME, this.data);
      tellOthers("enrolment");
      this.dispatchEvent(new Event("answered"));
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
      if (error.status === 401) this.isLost = true;
      else this.#asked = -Infinity;
    }
    this.dispatchEvent(new Event("change"));
  }

  lose() {
    if (this.isLost) return;
    this.isLost = true;
    this.dispatchEvent(new Event("change"));
  }

  /** How many milliseconds this device's clock lags behind the server's, as far as it knows. */
  get lag() {
    return lagOf(this.data?.clock);
  }

  /** Whether staff closed the session, or its last day is over in this device's eyes. */
  get isOver() {
    const { session } = this.data ?? {};
    const today = new Date(Date.now() + this.lag).toLocaleDateString("sv");
    return Boolean(session) && (session.closed || today > session.ends);
  }
}
