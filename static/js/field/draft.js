// What is being typed survives a dead battery: kept encrypted at each pause, forgotten on saving.
// Each tab holds its own draft by a lock, so that two tabs never finish the same one.
import { forget, keep, namesOf, recall } from "./vault.js";

const PREFIX = "draft:";
const PAUSE = 300; // milliseconds without typing

function hold(name) {
  return new Promise((answer) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return answer(null);
      return new Promise((release) => answer(release));
    });
  });
}

export class Draft {
  #read;
  #timer;
  #release;
  #writing;
  #isStopped = false;

  /** `read` gives the values of the form, or null when nothing is typed. */
  constructor(read) {
    this.#read = read;
  }

  /** Takes over a draft that no tab holds, or begins one; returns its values, if any. */
  async open() {
    for (const name of await namesOf(PREFIX)) {
      const release = await hold(name);
      if (!release) continue;
      this.id = name.slice(PREFIX.length);
      this.#release = release;
      return recall(name);
    }
    await this.begin();
    return undefined;
  }

  async begin() {
    clearTimeout(this.#timer);
    this.#release?.();
    this.id = crypto.randomUUID();
    this.#isStopped = false;
    this.#release = await hold(this.name);
  }

  get name() {
    return PREFIX + this.id;
  }

  /** Soon, when typing pauses. */
  touch() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.write(), PAUSE);
  }

  async write() {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    const values = this.#read();
    this.#writing = values ? keep(this.name, values) : forget(this.name);
    await this.#writing;
  }

  /** Before saving: what was being written must not come back after it. */
  async stop() {
    clearTimeout(this.#timer);
    this.#isStopped = true;
    await this.#writing;
  }

  /** Saving failed: what is typed is a draft again. */
  resume() {
    this.#isStopped = false;
    return this.write();
  }
}
