// A print button, for those who do not know the keyboard's way.
export function start(buttons) {
  for (const button of buttons) {
    if (!button.hidden) continue;
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
