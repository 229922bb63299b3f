// Menus are <details>; they close on Escape, on a click elsewhere and when the focus leaves.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// A press on words in a menu gives the focus to the page's main part, around it: that is no leaving.
document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  const next = event.relatedTarget;
  if (menu && next && !menu.contains(next) && !next.contains(menu)) menu.open = false;
});
