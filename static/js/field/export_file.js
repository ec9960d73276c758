// The last resort: everything the server does not have, still sealed, as a file that staff can import.
// The records stay on the device: handing over a file proves nothing, and sending twice is harmless.
import { unsentRecords } from "./records.js";

export async function downloadFile(device) {
  const now = new Date();
  const content = {
    format: "terrain-fiches",
    v: 1,
    exported_at: now.toISOString(),
    device,
    records: await unsentRecords(),
  };
  const stamp = now.toLocaleString("sv").slice(0, 16).replace(" ", "-").replace(":", "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }));
  link.download = `fiches-${stamp}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return content.records.length;
}
