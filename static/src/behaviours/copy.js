// Copies the text of an element, or that of data-copy-text, in one click, and counts it.
import { assetOf, record, toast } from "../page.js";
import { foundAt } from "./searched.js";

const shown = 2000; // ms that the button says so

function byHand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

// innerText is what a person sees, line breaks included; of hidden text only textContent keeps them.
function textOf(source) {
  if (!source) return "";
  if (source.value !== undefined) return source.value.trim();
  return (source.classList.contains("visually-hidden") || source.hidden ? source.textContent : source.innerText).trim();
}

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return byHand(text); // plain HTTP, or a permission that was refused
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-text]");
  if (!button) return;
  const text = button.dataset.copyText ?? textOf(document.querySelector(button.dataset.copy));
  if (!text || !(await write(text))) return toast("That could not be copied. Select the text and copy it by hand.", "bad");
  const asset = assetOf(button);
  record("copied", asset, foundAt(button) ?? {}, button.dataset.place);
  button.dispatchEvent(new CustomEvent("hub:copied", { bubbles: true, detail: { asset, text } }));
  say(button);
});

function say(button) {
  const label = button.querySelector("[data-copy-label]");
  const use = button.querySelector("use");
  const before = (button.copyBefore ??= { text: label?.textContent, icon: use?.getAttribute("href") });
  clearTimeout(before.timer);
  if (label) label.textContent = "Copied";
  use?.setAttribute("href", before.icon.replace(/#.*/, "#check"));
  button.classList.add("is-done");
  before.timer = setTimeout(() => {
    if (label) label.textContent = before.text;
    use?.setAttribute("href", before.icon);
    button.classList.remove("is-done");
  }, shown);
}
