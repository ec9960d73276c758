// What was captured on this device: time, state and turn of each record, and its sealed content until
// the server has it. States: waiting, stuck (the server could not take it: a file will), sent.
import { database } from "./database.js";

// On the disk itself before « Enregistré » is said: a battery may die right after.
const DURABLE = { durability: "strict" };
const EVER = (state) => IDBKeyRange.bound([state, ""], [state, "\uffff"]);

/** Keeps a sealed record (capture_id, session, device, turn, time) and forgets its draft, both or neither; a repeat changes nothing. */
export async function addRecord({ sealed, ...record }, draft) {
  const work = (await database()).transaction(["records", "sealed", "kept"], "readwrite", DURABLE);
  const records = work.objectStore("records");
  if (!(await records.get(record.capture_id))) {
    records.add({ ...record, state: "waiting" });
    work.objectStore("sealed").add(sealed, record.capture_id);
  }
  work.objectStore("kept").delete(draft);
  await work.done;
}

async function withContent(records) {
  const db = await database();
  const contents = await Promise.all(records.map(({ capture_id }) => db.get("sealed", capture_id)));
  return records.map(({ capture_id, session, device }, at) => ({
    capture_id,
    session,
    device,
    sealed: contents[at],
  }));
}

/** The oldest records that wait, ready to be sent. */
export async function nextBatch(limit) {
  const db = await database();
  return withContent(await db.getAllFromIndex("records", "by_state", EVER("waiting"), limit));
}

/** Everything the server does not have. */
export async function unsentRecords() {
  const db = await database();
  const [waiting, stuck] = await Promise.all(
    ["waiting", "stuck"].map((state) => db.getAllFromIndex("records", "by_state", EVER(state))),
  );
  return withContent([...stuck, ...waiting]);
}

async function move(ids, state, { dropContent = false } = {}) {
  const work = (await database()).transaction(["records", "sealed"], "readwrite", DURABLE);
  const records = work.objectStore("records");
  for (const id of ids) {
    const record = await records.get(id);
    if (record) records.put({ ...record, state });
    if (dropContent) work.objectStore("sealed").delete(id);
  }
  await work.done;
}

export const markSent = (ids) => move(ids, "sent", { dropContent: true });
export const markStuck = (ids) => move(ids, "stuck");

/** What was stuck waits again. */
export async function retryStuck() {
  const stuck = await (await database()).getAllFromIndex("records", "by_state", EVER("stuck"));
  await move(stuck.map(({ capture_id }) => capture_id), "waiting");
}

export async function summary() {
  const index = (await database()).transaction("records").store.index("by_state");
  const states = ["waiting", "stuck"];
  const [waiting, stuck] = await Promise.all(states.map((state) => index.count(EVER(state))));
  const oldest = await Promise.all(states.map((state) => index.getKey(EVER(state))));
  const times = await Promise.all(oldest.filter(Boolean).map((id) => index.objectStore.get(id)));
  return { waiting, stuck, unsent: waiting + stuck, oldest: times.map(({ time }) => time).sort()[0] };
}

export async function countOf(turn) {
  return (await database()).countFromIndex("records", "by_turn", turn);
}

/** The last records, newest first. */
export async function lastRecords(limit) {
  const found = [];
  const index = (await database()).transaction("records").store.index("by_time");
  for await (const cursor of index.iterate(null, "prev")) {
    found.push(cursor.value);
    if (found.length === limit) break;
  }
  return found;
}
