// Light, dark, or as the system says. Runs before the first paint; the buttons are wired once the page is there.
const key = "hub:theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try {
    return localStorage.getItem(key) ?? "auto";
  } catch {
    return "auto";
  }
}

function apply() {
  const choice = chosen();
  const dark = choice === "dark" || (choice === "auto" && system.matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

apply();
system.addEventListener("change", apply);
addEventListener("storage", (event) => event.key === key && apply());
document.addEventListener("DOMContentLoaded", apply);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-theme-choice]");
  if (!button) return;
  try {
    localStorage.setItem(key, button.dataset.themeChoice);
  } catch {
    // Without storage the choice cannot be kept; the system's stays.
  }
  apply();
});
