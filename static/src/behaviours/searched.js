// A page of results was seen: its ticket goes back, so that the hub knows what was looked for. What is opened or copied from
// it is told with the search it came from and its place there.
import { eachNow, record } from "../page.js";

const store = "hub:found"; // where each asset was last found: the way to its page may lead through a new tab
const most = 30;
const lasts = 30 * 60 * 1000; // ms

function kept() {
  try {
    return JSON.parse(localStorage.getItem(store) ?? "{}");
  } catch {
    return {};
  }
}

function keep(found) {
  const newest = Object.entries(found).sort(([, a], [, b]) => b.at - a.at).slice(0, most);
  try {
    localStorage.setItem(store, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // Then the hub does not learn which search led there.
  }
}

/** The search in whose results an element stands, and its place there, from 1; nothing outside of results. */
export function foundAt(element) {
  const results = element.closest("[data-search]");
  const row = element.closest(".result");
  if (!results || !row) return undefined;
  const place = [...results.querySelectorAll(".result")].indexOf(row);
  return { search_id: results.dataset.search, rank: Number(results.dataset.first) + place };
}

/** Takes what is known of the search that led to an asset's page. */
export function foundBy(asset) {
  const found = kept();
  const known = found[asset];
  if (!known || Date.now() - known.at > lasts) return {};
  delete found[asset];
  keep(found);
  return { search_id: known.search_id, rank: known.rank };
}

function remember(event) {
  const link = event.target.closest?.(".result a[href^='/a/']");
  const found = link && foundAt(link);
  if (found) keep({ ...kept(), [link.closest("[data-asset]").dataset.asset]: { ...found, at: Date.now() } });
}

eachNow("[data-searched]", (results) => record("searched", undefined, { ticket: results.dataset.searched }));
document.addEventListener("click", remember, { capture: true });
document.addEventListener("auxclick", remember, { capture: true }); // the middle button opens a new tab
