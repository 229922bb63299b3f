// What of a document was before the reader's eyes: each second of a visible tab counts for the one page that fills most of
// the window; of a text, how far down it was seen.
import { identifier, record } from "../page.js";

const every = 1000; // ms
const least = 1; // second; a page scrolled past was not read
const often = 60; // seconds of reading between two reports

const main = document.querySelector("main[data-opened]");
const thing = main?.querySelector(".asset-thing, .reading-view");
const pages = [...(thing?.querySelectorAll("[data-page]") ?? [])];
const text = pages.length ? undefined : thing?.querySelector(".asset-sections, .prose");

const sitting = identifier();
let seconds = new Map(); // page: seconds since the last report
let share = 0;
let told = 0; // share, at the last report

function inView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0);
}

function tick() {
  if (document.visibilityState !== "visible") return;
  if (text) {
    const { top, height } = text.getBoundingClientRect();
    if (height > 0) share = Math.max(share, Math.min((innerHeight - top) / height, 1));
    return;
  }
  const [most] = pages.map((page) => [inView(page), page]).sort(([a], [b]) => b - a);
  if (most[0] > 0) seconds.set(most[1], (seconds.get(most[1]) ?? 0) + every / 1000);
  if ([...seconds.values()].reduce((sum, one) => sum + one, 0) >= often) report();
}

function report() {
  const byPage = new Map();
  for (const [page, spent] of seconds) {
    const number = Number(page.dataset.page);
    if (spent >= least) byPage.set(number, (byPage.get(number) ?? 0) + spent);
  }
  seconds = new Map();
  const data = { sitting };
  if (byPage.size) data.pages = [...byPage];
  if (share > told) data.share = Math.round(share * 1000) / 1000;
  if (!data.pages && !data.share) return;
  told = share;
  record("read", main.dataset.opened, data);
}

if (pages.length || text) {
  setInterval(tick, every);
  document.addEventListener("hub:leave", report);
}
