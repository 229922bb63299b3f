// The hub's side of an upload: begin or take up again, complete, cancel. Errors come in the hub's words.
import { csrfToken } from "../page.js";

const store = "hub:upload:";
const kept = 7 * 24 * 3600 * 1000; // ms; as long as the hub keeps an unfinished upload

export class Refused extends Error {
  constructor(status, { message, remedy } = {}) {
    super([message, remedy].filter(Boolean).join(" ") || "The hub did not take this file. Try again.");
    this.status = status;
  }
}

async function ask(address, method, signal, body = undefined) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  const options = { method, headers, credentials: "same-origin", signal, body: body && JSON.stringify(body) };
  const response = await fetch(address, options);
  if (response.redirected) throw new Refused(401, { message: "You were signed out.", remedy: "Sign in again in another tab, then retry." });
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer.error);
  return answer;
}

function memory(file, asset) {
  return `${store}${asset}|${file.meta.relativePath || file.name}|${file.size}|${file.data.lastModified}`;
}

function remembered(key) {
  try {
    const { upload, at } = JSON.parse(localStorage.getItem(key) ?? "{}");
    return Date.now() - at < kept ? upload : undefined;
  } catch {
    return undefined;
  }
}

function remember(key, upload) {
  try {
    if (upload) localStorage.setItem(key, JSON.stringify({ upload, at: Date.now() }));
    else localStorage.removeItem(key);
  } catch {
    // Without storage an upload cannot be taken up again after the tab is gone; everything else works.
  }
}

/** One upload: which parts are there, where the others go. */
export class Session {
  constructor(action, asset, file, signal) {
    this.action = action;
    this.asset = asset;
    this.file = file;
    this.signal = signal;
    this.key = memory(file, asset);
  }

  async open() {
    const known = remembered(this.key);
    this.state = known && (await this.#takeUp(known));
    this.state ??= await this.#begin();
    remember(this.key, this.state.upload);
    return this.state;
  }

  async #begin() {
    const { name, size, type, data } = this.file;
    return ask(this.action, "POST", this.signal, { filename: name, size, type: type || data.type || "", asset: this.asset || undefined });
  }

  async #takeUp(upload) {
    try {
      const state = await ask(`${this.action}/${upload}`, "GET", this.signal);
      return state.size === this.file.size && (state.complete || !state.ended) ? state : undefined;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Asks anew what is missing; the addresses of parts are fresh again. */
  async refresh() {
    this.state = await ask(`${this.action}/${this.state.upload}`, "GET", this.signal);
    return this.state;
  }

  async complete() {
    const answer = await ask(`${this.action}/${this.state.upload}/complete`, "POST", this.signal, {});
    remember(this.key, undefined);
    return answer;
  }

  async cancel() {
    remember(this.key, undefined);
    if (this.state) await ask(`${this.action}/${this.state.upload}`, "DELETE", undefined);
  }
}
