// How far this device's clock is from the server's: a wrong one must not date what people agree to.
const SLIGHT = 2 * 60_000; // milliseconds: as much may be the network
const HOLDS = 7 * 24 * 3_600_000; // milliseconds: later, somebody may have put the clock right

/** What the server's answer teaches: the time it gave, and this device's own when it was asked. */
export function measure(now, asked) {
  const answered = Date.now();
  const lag = Date.parse(now) - (asked + answered) / 2;
  return { lag: Math.abs(lag) > SLIGHT ? Math.round(lag) : 0, at: answered };
}

/** Milliseconds to add to this device's clock; nothing when what was measured no longer holds. */
export function lagOf(measured) {
  if (!measured) return 0;
  const age = Date.now() - measured.at;
  return age > -SLIGHT && age < HOLDS ? measured.lag : 0;
}
