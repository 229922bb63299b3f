// An asset's page was read: sent when it is left or hidden, with the seconds it was really in view.
import { record } from "../page.js";
import { foundBy } from "./searched.js";

const least = 1; // second; a page flicked past was not opened
const main = document.querySelector("main[data-opened]");

// The words of the search that led here.
function words() {
  try {
    const from = new URL(document.referrer);
    return from.origin === location.origin && from.pathname === "/search" ? (from.searchParams.get("q") ?? "") : "";
  } catch {
    return ""; // no page before this one
  }
}

const found = main ? foundBy(main.dataset.opened) : {};
let since = document.visibilityState === "visible" ? performance.now() : undefined;
let seconds = 0;
let sent = false;

function pause() {
  if (since === undefined) return;
  seconds += (performance.now() - since) / 1000;
  since = undefined;
}

function finish() {
  pause();
  if (sent || seconds < least) return;
  sent = true;
  record("opened", main.dataset.opened, { dwell: Math.round(seconds * 10) / 10, search: words(), ...found });
}

if (main) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") since ??= performance.now();
  });
  document.addEventListener("hub:leave", finish);
}
