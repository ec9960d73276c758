// Keeps the page usable offline. A new version is fetched in the background and takes over at the next
// start, never under somebody's fingers.
import { sayNews } from "./screen.js";

export async function startWorker() {
  if (!navigator.serviceWorker) {
    sayNews("Ce navigateur n’ouvrira pas la page sans réseau : gardez-la ouverte.");
    return;
  }
  const { workerUrl, scope } = document.body.dataset;
  const registration = await navigator.serviceWorker.register(workerUrl, { scope });
  if (registration.waiting && registration.active) {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting.postMessage("take over");
    return;
  }
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
