// A link marked data-collect opens its page, the collections to choose from, in a dialog.
import htmx from "htmx.org/dist/htmx.esm.js";
import { icon } from "../page.js";

function dialog() {
  const found = document.getElementById("collect");
  if (found) return found;
  const made = document.createElement("dialog");
  made.className = "dialog dialog-small";
  made.id = "collect";
  made.setAttribute("aria-labelledby", "collect-heading");
  const head = document.createElement("div");
  head.className = "dialog-head";
  const title = document.createElement("h2");
  title.id = "collect-heading";
  title.textContent = "Add to a collection";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-quiet btn-icon";
  close.dataset.dialogClose = "";
  close.setAttribute("aria-label", "Close");
  close.append(icon("x"));
  head.append(title, close);
  const body = document.createElement("div");
  body.className = "dialog-body";
  made.append(head, body);
  document.body.append(made);
  return made;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-collect]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const shown = dialog();
  await htmx.ajax("GET", link.href, { target: shown.querySelector(".dialog-body"), swap: "innerHTML" });
  if (!shown.open) shown.showModal();
});

// The button that was pressed is a new one after the swap: the focus goes to it.
document.addEventListener("htmx:afterSettle", (event) => {
  const { pathInfo } = event.detail;
  if (pathInfo?.requestPath?.startsWith("/collections/") && !document.activeElement?.closest("#collect form")) {
    document.querySelector("#collect[open] button.collect-one, #collect[open] input")?.focus();
  }
});
