// “Compare” keeps an asset; on the next one it opens both side by side. Without script the link leads to what there is to choose from.
import { icon } from "../page.js";

const name = `hub:compare:${document.querySelector('meta[name="person"]')?.content ?? ""}`; // another who signs in here has their own

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

function keep(one) {
  try {
    if (one) sessionStorage.setItem(name, JSON.stringify(one));
    else sessionStorage.removeItem(name);
  } catch {
    // Without storage the link leads where it says.
    return false;
  }
  show();
  return true;
}

function bar(one) {
  const made = document.createElement("div");
  made.className = "compare-bar";
  made.id = "compare-bar";
  made.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = `“${one.title}” is kept. Press Compare on another.`;
  const choose = document.createElement("a");
  choose.className = "btn btn-sm";
  choose.href = `/compare?a=${one.id}`;
  choose.textContent = "Choose from a list";
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn btn-quiet btn-icon";
  drop.setAttribute("aria-label", "Compare nothing");
  drop.append(icon("x"));
  drop.addEventListener("click", () => keep(null));
  made.append(icon("columns-2"), words, choose, drop);
  return made;
}

function show() {
  const one = kept();
  document.getElementById("compare-bar")?.remove();
  if (one) document.body.append(bar(one));
  for (const link of document.querySelectorAll("a[data-compare]")) {
    link.classList.toggle("is-kept", link.dataset.compare === one?.id);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-compare]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { compare: id, title } = link.dataset;
  const one = kept();
  if (one && one.id !== id) {
    link.href = `/compare?a=${one.id}&b=${id}`; // and goes there
    keep(null);
  } else if (keep(one ? null : { id, title })) {
    event.preventDefault();
  }
});
document.addEventListener("htmx:load", show);
addEventListener("pageshow", show);
