// Usage events: collected, sent in batches, kept in the browser until the hub has taken them.
// Each has an id of its own, so that one sent twice counts once.
import { csrfToken, identifier } from "../page.js";

const address = "/events";
// By person: what one leaves behind is not sent in the name of the next on the same browser.
const store = `hub:events:${document.querySelector("meta[name=person]")?.content ?? ""}`;
const most = 200; // kept while the hub is away; the oldest go first
const batch = 20;
const every = 5000;

let queue = [];
let sending = false;
let failures = 0;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(store) ?? "[]");
  } catch {
    return [];
  }
}

// What was only seen goes before what was used.
function newest(events) {
  const used = events.filter((event) => event.kind !== "impression").slice(-most);
  const seen = events.filter((event) => event.kind === "impression");
  return used.concat(seen.slice(seen.length - Math.max(most - used.length, 0)));
}

function keep(events) {
  try {
    if (events.length) localStorage.setItem(store, JSON.stringify(newest(events)));
    else localStorage.removeItem(store);
  } catch {
    // A full or forbidden storage only costs the retry after the tab is gone.
  }
}

function body(events) {
  return JSON.stringify({ events, token: csrfToken() });
}

function add({ kind, asset, place, data }) {
  const event = kind === "searched"
    ? { id: identifier(), kind, ...data }
    : { id: identifier(), kind, asset, at: new Date().toISOString(), data: data ?? {} };
  if (place) event.place = place;
  queue.push(event);
  if (queue.length >= batch) send();
}

// While the page lives: fetch, because its answer says whether the events were taken.
async function send() {
  if (sending) return;
  const events = [...kept(), ...queue].slice(0, batch);
  if (!events.length) return;
  sending = true;
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: body(events),
      credentials: "same-origin",
      redirect: "error", // to sign in: then they wait until this person is back
    });
    // What makes no sense or is too much stays so; the rest may become right by trying again.
    if (response.ok || [413, 422].includes(response.status)) settle(events);
    else failures += 1;
  } catch {
    failures += 1;
  } finally {
    sending = false;
  }
}

function settle(events) {
  const done = new Set(events.map((event) => event.id));
  failures = 0;
  keep(kept().filter((event) => !done.has(event.id)));
  queue = queue.filter((event) => !done.has(event.id));
}

// When the page may go: a beacon outlives it, but does not tell whether the hub was there. So what was used is kept until an
// answer says that it has arrived; what was only seen is sent once.
function leave() {
  document.dispatchEvent(new CustomEvent("hub:leave")); // whoever counted while the page was there says now what came of it
  const events = queue.splice(0);
  if (!events.length) return;
  const blob = new Blob([body(events)], { type: "application/json" });
  const away = !navigator.sendBeacon?.(address, blob);
  keep([...kept(), ...events.filter((event) => away || event.kind !== "impression")]);
}

document.addEventListener("hub:event", (event) => add(event.detail));
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-download]");
  const asset = link?.closest("[data-asset]")?.dataset.asset;
  const data = link?.dataset.file ? { file: link.dataset.file } : {};
  if (asset) add({ kind: "downloaded", asset, place: link.dataset.place, data });
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
addEventListener("pagehide", leave);
setInterval(() => {
  if (failures === 0 || Math.random() < 1 / Math.min(2 ** failures, 32)) send();
}, every);
