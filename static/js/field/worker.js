// Keeps the page usable offline. A new version is fetched in the background and takes over once the page
// has been closed: never under somebody's fingers.
import { sayNews } from "./screen.js";

const { workerUrl, scope } = document.body.dataset;

export async function startWorker() {
  if (!navigator.serviceWorker) {
    sayNews("Ce navigateur n’ouvrira pas la page sans réseau : gardez-la ouverte.");
    return;
  }
  const registration = await navigator.serviceWorker.register(workerUrl, { scope });
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    const isUpdate = Boolean(registration.active);
    installing.addEventListener("statechange", () => {
      if (isUpdate && installing.state === "installed") {
        sayNews("Nouvelle version prête : elle s’ouvrira au prochain démarrage.");
      }
    });
  });
}
