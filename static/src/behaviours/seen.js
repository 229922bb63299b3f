// Rows of lists that were really in view: half of one for a second, in a visible tab. Each is told of once a page view.
import { eachNow, record } from "../page.js";
import { foundAt } from "./searched.js";

const rows = ".result[data-asset], .related-card[data-asset]";
const least = 1000; // ms
const told = new Set();
const inView = new Map(); // row: its timer, while the tab is visible

function place(row) {
  if (row.closest("[data-search]")) return "search";
  if (row.matches(".related-card")) return "related";
  return location.pathname.split("/")[1].replace(/[^a-z_-]/g, "").slice(0, 20) || "home";
}

function tell(row) {
  watcher.unobserve(row);
  inView.delete(row);
  const data = foundAt(row) ?? { rank: [...row.parentElement.children].indexOf(row) + 1 };
  const key = `${row.dataset.asset} ${data.search_id ?? place(row)}`;
  if (told.has(key)) return;
  told.add(key);
  record("impression", row.dataset.asset, data, place(row));
}

function begin(row) {
  clearTimeout(inView.get(row));
  inView.set(row, document.visibilityState === "visible" ? setTimeout(tell, least, row) : undefined);
}

const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) begin(target);
    else {
      clearTimeout(inView.get(target));
      inView.delete(target);
    }
  }
}, { threshold: 0.5 });

document.addEventListener("visibilitychange", () => {
  for (const [row, timer] of inView) {
    clearTimeout(timer);
    if (document.visibilityState === "visible") begin(row);
  }
});
eachNow(rows, (row) => watcher.observe(row));
