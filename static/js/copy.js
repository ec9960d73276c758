// Copies the text of data-copy and says so.
export function start(buttons) {
  if (!navigator.clipboard) return; // an address without HTTPS: the text stays there to be selected
  for (const button of buttons) {
    if (!button.hidden) continue;
    button.hidden = false;
    const label = button.querySelector("span");
    const before = label.textContent;
    label.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        label.textContent = "Copié";
      } catch {
        label.textContent = "Copie refusée par l’appareil";
      }
      setTimeout(() => (label.textContent = before), 2500);
    });
  }
}
