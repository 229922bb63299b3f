// A form marked data-guard asks before unsaved changes are left behind. What was wrong is brought into view.
import { eachNow } from "../page.js";

const dirty = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) dirty.add(form);
});
document.addEventListener("submit", (event) => dirty.delete(event.target));
document.addEventListener("hub:saved", (event) => dirty.delete(event.target));
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

// A button that can go no further hands the focus to one beside it. An address with a place in it takes the focus away again
// while the page loads.
eachNow("[data-focus]", (marked) => {
  const element = marked.disabled ? marked.closest("[role=group], li")?.querySelector("button:not([disabled])") : marked;
  element?.focus();
  if (location.hash) addEventListener("load", () => document.activeElement === document.body && element?.focus(), { once: true });
});
