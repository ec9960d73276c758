// Keeps the page usable offline. A new version is fetched in the background and takes over at the next
// start, before anything is shown: never under somebody's fingers.
import { sayNews } from "./screen.js";

const PATIENCE = 3_000; // milliseconds
const { workerUrl, scope } = document.body.dataset;

/** Lets a version that is ready take over: the page starts again with it. */
export async function takeOver() {
  const registration = await navigator.serviceWorker?.getRegistration(scope);
  if (!registration?.waiting) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage("take over");
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
}

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
