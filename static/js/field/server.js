// The questions a tablet asks. What is not the server's own word (no network, a hotel's log-in
// page) is Unreachable and proves nothing; what the server refuses is Refused.
const PATIENCE = 30_000; // milliseconds
const { dataUrl, uploadUrl, briefUrl, pilotUrl } = document.body.dataset;

export class Unreachable extends Error {}

export class Refused extends Error {
  constructor(status) {
    super(`refused: ${status}`);
    this.status = status;
  }
}

async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, {
      ...options,
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
      headers: { "X-Requested-With": "tablette", "Content-Type": "application/json" },
    });
    const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (isOurs && answer.ok) return await answer.json();
    // A proxy in front of the server says 413 in its own words.
    if (!isOurs && answer.status !== 413) throw new Error(`not our server: ${answer.status}`);
  } catch (cause) {
    throw new Unreachable("server unreachable", { cause });
  }
  throw new Refused(answer.status);
}

export const fetchData = () => ask(dataUrl);

export const fetchBrief = () => ask(briefUrl);

export const fetchPilot = () => ask(pilotUrl);

export const upload = (parcel) => ask(uploadUrl, { method: "POST", body: JSON.stringify(parcel) });
