// Before the first paint: light or dark by the system's setting.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", apply);
  document.documentElement.classList.remove("no-js");
  apply();
})();
