// Steps of one counter that the server does not have yet, as `[identifier, count]`. This browser keeps
// them: a page that was closed or reloaded, or a log-in that ran out, loses nothing.
const PATIENCE = 20_000; // milliseconds

/** What our own server says: a total, or why a step never will count. Others prove nothing. */
export async function ourWord(answer) {
  const word = await answer.json();
  if (Number.isInteger(word.total) || (!answer.ok && word.reason)) return word;
  throw new Error(`not our server: ${answer.status}`);
}

/** What is told of the steps that will never count. */
export function lossWords(lost, isClosed) {
  const words = isClosed ? ["On ne compte plus ici."] : [];
  if (lost) words.push(lost > 1 ? `${lost} appuis n’ont pas été comptés.` : "Un appui n’a pas été compté.");
  return words.join(" ");
}

export class Waiting {
  constructor(name) {
    this.prefix = `tally:${name}:`;
    const names = Object.keys(localStorage).filter((name) => name.startsWith(this.prefix));
    this.steps = names.map((name) => [name.slice(this.prefix.length), Number(localStorage.getItem(name))]);
  }

  add(count) {
    const id = crypto.randomUUID();
    localStorage.setItem(this.prefix + id, count);
    this.steps.push([id, count]);
  }

  /** Sends a step with what its form holds; a redirection is an answer, not a way to follow. */
  post([id, count], form) {
    const body = new FormData(form);
    body.set("tally_id", id);
    body.set("count", count);
    const headers = { accept: "application/json" };
    const signal = AbortSignal.timeout(PATIENCE);
    return fetch(form.action, { method: "POST", body, headers, signal, redirect: "manual" });
  }

  forget([id]) {
    localStorage.removeItem(this.prefix + id);
    this.steps = this.steps.filter(([other]) => other !== id);
  }

  get sum() {
    return this.steps.reduce((sum, [, count]) => sum + (count || 0), 0);
  }
}
