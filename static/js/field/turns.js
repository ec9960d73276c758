// Who holds the tablet: first names of the day, each with a goal and their own count.
import { countOf } from "./records.js";
import { keep, recall } from "./vault.js";

const NAME = "turns";
const GOAL = 5;
const today = () => new Date().toLocaleDateString("sv");

export class Turns {
  #kept = { day: today(), turns: [], current: null, opening: "" };

  async recall() {
    const kept = await recall(NAME);
    if (!kept) return;
    // Yesterday's names leave; whoever holds the tablet goes on.
    const isToday = kept.day === today();
    const turns = isToday ? kept.turns : kept.turns.filter(({ id }) => id === kept.current);
    this.#kept = { ...kept, day: today(), turns };
  }

  get ofToday() {
    return this.#kept.turns;
  }

  get current() {
    return this.#kept.turns.find(({ id }) => id === this.#kept.current) ?? null;
  }

  /** Gives the tablet to somebody: the same name on the same day goes on counting. */
  async begin({ first_name, goal = GOAL }) {
    const same = ({ first_name: name }) => name.toLowerCase() === first_name.toLowerCase();
    const known = this.#kept.turns.find(same);
    if (known) known.goal = goal;
    const turn = known ?? { id: crypto.randomUUID(), first_name, goal };
    if (!known) this.#kept.turns.push(turn);
    await this.take(turn.id);
  }

  /** Whoever scanned the QR code holds the tablet first. */
  async adopt({ id, first_name, goal }) {
    const opening = [id, first_name, goal].join(" ");
    if (this.#kept.opening === opening || !first_name) return;
    this.#kept.opening = opening;
    await this.begin({ first_name, goal });
  }

  async take(id) {
    this.#kept.current = id;
    await keep(NAME, this.#kept);
  }

  /** The current turn's count: the server's, for a tablet whose memory was emptied, or our own. */
  async count(mine = {}) {
    const { id } = this.current;
    return Math.max(await countOf(id), mine[id] ?? 0);
  }
}

/** A word for a count: never a reproach. */
export function cheer(count, goal) {
  if (count === 0) return "Prêt·e pour le premier contact ?";
  if (count === 1) return "Premier contact, bravo !";
  if (count === goal) return "Objectif atteint, bravo !";
  if (count > goal) return `Objectif dépassé de ${count - goal}, chapeau !`;
  if (count === goal - 1) return "Plus qu’un seul !";
  return count * 2 >= goal ? "Plus de la moitié, ça avance !" : "C’est bien parti !";
}
