// The hub's side of an upload: begin or take up again, complete, cancel. Errors come in the hub's words.
import { csrfToken } from "../page.js";
import { originOf } from "./fingerprint.js";

export class Refused extends Error {
  constructor(status, { message, remedy } = {}) {
    super([message, remedy].filter(Boolean).join(" ") || "The hub did not take this file. Try again.");
    this.status = status;
  }
}

export async function ask(address, method, signal, body = undefined) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  const options = { method, headers, credentials: "same-origin", signal, body: body && JSON.stringify(body) };
  const response = await fetch(address, options);
  if (response.redirected) throw new Refused(401, { message: "You were signed out.", remedy: "Sign in again in another tab, then retry." });
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer.error);
  return answer;
}

/** One upload: which parts are there, where the others go. `file.meta`: relativePath, lot, and upload where one is gone on with. */
export class Session {
  /** `place`: where uploads are begun, the asset they belong to, the file whose place the new one takes. */
  constructor(place, file, signal) {
    this.action = place.action;
    this.place = place;
    this.file = file;
    this.signal = signal;
  }

  /** The hub knows a file by its name, size, last change and print: begun with again, it goes on where it stopped. */
  async open() {
    const { name, size, type, data, meta } = this.file;
    const told = { filename: name, size, ...(await originOf(data, meta.relativePath)) };
    if (meta.upload) {
      this.state = await ask(`${this.action}/${meta.upload}/resume`, "POST", this.signal, told);
      if (!this.state.ended || this.state.complete) return this.state;
    }
    this.state = await ask(this.action, "POST", this.signal, { ...told, type: type || data.type || "", asset: this.place.asset || undefined, replaces: this.place.replaces || undefined, lot: meta.lot });
    return this.state;
  }

  /** Asks anew what is missing; the addresses of parts are fresh again. */
  async refresh() {
    this.state = await ask(`${this.action}/${this.state.upload}`, "GET", this.signal);
    return this.state;
  }

  async complete() {
    return ask(`${this.action}/${this.state.upload}/complete`, "POST", this.signal, {});
  }

  async cancel() {
    if (this.state) await ask(`${this.action}/${this.state.upload}`, "DELETE", undefined);
  }
}
