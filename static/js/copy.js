// Copies the text of data-copy, or what stands in the field data-copy-from, and says so.
const textOf = ({ copy, copyFrom }) => (copyFrom ? document.getElementById(copyFrom).value : copy);

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
        await navigator.clipboard.writeText(textOf(button.dataset));
        label.textContent = "Copié";
      } catch {
        label.textContent = "Copie refusée par l’appareil";
      }
      setTimeout(() => (label.textContent = before), 2500);
    });
  }
}
