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

eachNow("[data-focus]", (element) => element.focus());
