// What the device keeps for itself (draft, first names of the day, habits), encrypted with a key that
// the browser will use but never show.
import { database } from "./database.js";

const KEY = "key";
let finding;

async function findKey() {
  const db = await database();
  const known = await db.get("kept", KEY);
  if (known) return known;
  const algorithm = { name: "AES-GCM", length: 256 };
  const fresh = await crypto.subtle.generateKey(algorithm, false, ["encrypt", "decrypt"]);
  const work = db.transaction("kept", "readwrite");
  const other = await work.store.get(KEY); // another tab was faster
  if (!other) await work.store.put(fresh, KEY);
  await work.done;
  return other ?? fresh;
}

function theKey() {
  finding ??= findKey();
  return finding;
}

export async function keep(name, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await theKey(), bytes);
  await (await database()).put("kept", { iv, data }, name);
}

export async function recall(name) {
  const box = await (await database()).get("kept", name);
  if (!box) return undefined;
  const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, await theKey(), box.data);
  return JSON.parse(new TextDecoder().decode(bytes));
}

export async function forget(name) {
  await (await database()).delete("kept", name);
}

export async function namesOf(prefix) {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  return (await database()).getAllKeys("kept", range);
}
