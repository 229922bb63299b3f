// A person says that a buyer had it: shown in a meeting, or sent. Once a page view; whoever does it again opens the page again.
import { assetOf, record, toast } from "../page.js";

const said = {
  presented: { label: "Presented", text: "Noted: you presented it to a buyer." },
  sent: { label: "Sent", text: "Noted: you sent it to a buyer." },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-act]");
  const words = said[button?.dataset.act];
  if (!words || button.getAttribute("aria-disabled")) return;
  record(button.dataset.act, assetOf(button), {}, "asset");
  button.setAttribute("aria-disabled", "true"); // not disabled: the keyboard stays where it is
  button.classList.add("is-done");
  button.querySelector("use")?.setAttribute("href", button.querySelector("use").getAttribute("href").replace(/#.*/, "#check"));
  button.querySelector("[data-act-label]").textContent = words.label;
  toast(words.text);
});
