// Switches between light and dark, and remembers the choice on this device.
const dark = matchMedia("(prefers-color-scheme: dark)");

function current() {
  return document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
}

function remember(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Storage is forbidden on this device: the choice lasts for this page only.
  }
}

function label(button) {
  const isDark = current() === "dark";
  button.setAttribute("aria-label", isDark ? "Passer en thème clair" : "Passer en thème sombre");
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, isDark ? "#sun" : "#moon"));
}

export function start(buttons) {
  for (const button of buttons) {
    if (!button.hidden) continue;
    label(button);
    button.hidden = false;
    button.addEventListener("click", () => {
      const theme = current() === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      remember(theme);
      label(button);
    });
    dark.addEventListener("change", () => label(button));
  }
}
