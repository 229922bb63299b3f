// Short messages at the edge of the page. They go by themselves unless they say that something failed.
import { icon } from "../page.js";

const stay = 6000;
const area = document.getElementById("toasts");

function arm(note) {
  if (note.classList.contains("is-bad")) return;
  let timer = setTimeout(() => note.remove(), stay);
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("focusin", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => (timer = setTimeout(() => note.remove(), stay / 2)));
}

function add({ text, tone = "good" }) {
  if (!area || !text) return;
  const note = document.createElement("div");
  note.className = tone === "good" ? "toast-note" : `toast-note is-${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", "Dismiss");
  close.append(icon("x"));
  note.append(icon(tone === "good" ? "circle-check" : "alert-circle"), words, close);
  area.append(note);
  arm(note);
}

area?.querySelectorAll("[data-toast]").forEach(arm);
// From scripts, and from the server by the header HX-Trigger: {"hub:toast": {"text": "…", "tone": "good"}}.
document.addEventListener("hub:toast", (event) => add(event.detail));
document.addEventListener("click", (event) => event.target.closest?.("[data-toast-close]")?.parentElement.remove());
