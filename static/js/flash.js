// Lets a message be closed; nothing disappears by itself, so that it can be read slowly.
export function start(messages) {
  for (const message of messages) {
    const button = message.querySelector("[data-flash-close]");
    if (!button?.hidden) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      message.remove();
      document.querySelector("main")?.focus({ preventScroll: true });
    });
  }
}
