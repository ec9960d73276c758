// Classic script in the <head>: the remembered theme is there before the first paint.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is forbidden on this device: the system's preference applies.
}
