// Folding and likeness of French words.

/** Lower case, without accents nor punctuation: the same as the server's own folding. */
export function fold(text) {
  return text
    .replace(/œ/gi, "oe")
    .replace(/æ/gi, "ae")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\n]+/gu, " ");
}

const ABBREVIATIONS = { st: "saint", ste: "sainte" };

export function words(text) {
  const found = fold(text).trim().split(" ").filter(Boolean);
  return found.map((word) => ABBREVIATIONS[word] ?? word);
}

/** Whether one letter more, less, other or swapped with its neighbour makes `a` into `b`. */
export function isOneSlip(a, b) {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  if (a.length !== b.length) {
    return a.length < b.length ? restA === restB.slice(1) : restA.slice(1) === restB;
  }
  const isSwap = restA[0] === restB[1] && restA[1] === restB[0];
  return restA.slice(1) === restB.slice(1) || (isSwap && restA.slice(2) === restB.slice(2));
}
