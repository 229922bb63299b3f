// What the page tells its scripts.

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Runs `start(element)` for each match now and after every partial update. */
export function eachNow(selector, start) {
  const started = new WeakSet(); // htmx tells of the first page too
  const once = (element) => {
    if (started.has(element)) return;
    started.add(element);
    start(element);
  };
  const within = (root) => {
    if (root.matches?.(selector)) once(root);
    root.querySelectorAll(selector).forEach(once);
  };
  within(document);
  document.addEventListener("htmx:load", (event) => within(event.detail.elt));
}

export function toast(text, tone = "good") {
  document.dispatchEvent(new CustomEvent("hub:toast", { detail: { text, tone } }));
}

/** Something a person did with an asset; usage.js collects and sends it. */
export function record(kind, asset, data = {}, place = undefined) {
  if (!asset && kind !== "searched") return;
  document.dispatchEvent(new CustomEvent("hub:event", { detail: { kind, asset, place, data } }));
}

export function assetOf(element) {
  return element.closest("[data-asset]")?.dataset.asset ?? "";
}

/** The icon of the built sprite, as an element; the sprite's address is taken from one on the page. */
export function icon(name) {
  const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** A random UUID, also over plain HTTP, where crypto.randomUUID is missing. */
export function identifier() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
