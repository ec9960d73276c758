// The device's own memory. `records` says what was captured and how far it got; `sealed` holds what
// only the server can open, until it has it; `kept` holds what this device alone can open (vault.js).
import { openDB } from "../../vendor/idb/idb.js";

let opening;

export function database() {
  opening ??= openDB("terrain", 1, {
    upgrade(db) {
      const records = db.createObjectStore("records", { keyPath: "capture_id" });
      records.createIndex("by_state", ["state", "time"]);
      records.createIndex("by_turn", "turn");
      records.createIndex("by_time", "time");
      db.createObjectStore("sealed");
      db.createObjectStore("kept");
    },
    blocking: (_old, _new, event) => event.target.close(),
  });
  return opening;
}
