// Words that are selected in [data-take-url], a story or a transcript, can be made a sound bite: a button beside them leads
// to its form, with the words and the place they were taken from. So does the link [data-take], which needs no script.
import { icon } from "../page.js";

const fewest = 12; // characters that are worth taking
const most = 2000; // in an address
const still = 200; // ms without a change of the selection

function placeOf(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const spoken = element?.closest("[data-at]") ?? element?.closest(".transcript-part")?.querySelector("[data-at]");
  if (spoken) return `t=${Math.round(Number(spoken.dataset.at) * 100) / 100}&in=${spoken.dataset.in.replace("player-", "")}`;
  return element?.closest('[id^="section-"], [id^="page-"]')?.id ?? "";
}

function taken() {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const common = range.commonAncestorContainer;
  const within = (common.nodeType === Node.ELEMENT_NODE ? common : common.parentElement)?.closest("[data-take-url]");
  const words = selection.toString().replace(/\s+/g, " ").trim();
  if (!within || words.length < fewest) return null;
  const address = new URL(within.dataset.takeUrl, location.href);
  address.searchParams.set("words", words.slice(0, most));
  const place = placeOf(range.startContainer);
  if (place) address.searchParams.set("at", place);
  return { address: address.href, range };
}

function button() {
  const link = document.createElement("a");
  link.className = "btn btn-primary take-bite";
  link.append(icon("quote"), "Make a sound bite");
  link.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
  document.body.append(link);
  return link;
}

let link;
let timer;

function show() {
  const found = taken();
  for (const plain of document.querySelectorAll("[data-take]")) {
    plain.dataset.plain ??= plain.href;
    plain.href = found ? found.address : plain.dataset.plain;
  }
  if (!found) return link?.remove();
  link ??= button();
  if (!link.isConnected) document.body.append(link);
  link.href = found.address;
  const boxes = found.range.getClientRects();
  const last = boxes[boxes.length - 1] ?? found.range.getBoundingClientRect();
  const left = Math.min(Math.max(last.right - link.offsetWidth / 2, 8), document.documentElement.clientWidth - link.offsetWidth - 8);
  link.style.left = `${left + scrollX}px`;
  link.style.top = `${last.bottom + scrollY + 8}px`;
}

if (document.querySelector("[data-take-url]")) {
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(show, still);
  });
}
