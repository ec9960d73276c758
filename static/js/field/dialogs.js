// « Mes fiches »: where the records are, sending now, and the file of last resort.
import { downloadFile } from "./export_file.js";
import { retryStuck } from "./records.js";
import { part } from "./screen.js";

export function startRecordsDialog({ status, sender, enrolment }) {
  const dialog = part("records");
  const exported = part("exported");

  async function open() {
    exported.textContent = "";
    dialog.showModal();
    await status.show();
  }

  async function send() {
    await enrolment.refresh({ force: true });
    await sender.ring();
    await status.show();
  }

  async function retry() {
    await retryStuck();
    await send();
  }

  async function save() {
    const count = await downloadFile(enrolment.data.device.id);
    exported.textContent =
      `Fichier enregistré (${count}). Remettez-le à votre union : elle seule peut l’ouvrir. ` +
      "Vos fiches restent aussi sur l’appareil.";
  }

  part("pill").addEventListener("click", open);
  part("send").addEventListener("click", send);
  part("retry").addEventListener("click", retry);
  part("export").addEventListener("click", save);
  for (const button of document.querySelectorAll("dialog [data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}
