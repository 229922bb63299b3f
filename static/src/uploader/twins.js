// What became of a file once the worker has read it: why it cannot be shown, or where else the same bytes are.
import { make } from "./row.js";
import { ask } from "./session.js";

const pauses = [2, 3, 5, 10, 20, 40, 60]; // seconds until the hub is asked again
const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** Asks for one file after another, however many were sent. */
export class Twins {
  #waiting = [];
  #asking = false;

  watch(address, row) {
    this.#later({ address, row, tries: 0 });
    if (!this.#asking) this.#ask();
  }

  #later(one) {
    one.at = Date.now() + pauses[one.tries] * 1000;
    this.#waiting.push(one);
    this.#waiting.sort((first, second) => first.at - second.at);
  }

  async #ask() {
    this.#asking = true;
    while (this.#waiting.length) {
      const one = this.#waiting.shift();
      await wait(Math.max(0, one.at - Date.now()) / 1000);
      const told = one.row.item.isConnected ? await ask(one.address, "GET").catch(() => null) : null;
      if (told?.read) show(one.row, told);
      else if (told && ++one.tries < pauses.length) this.#later(one);
    }
    this.#asking = false;
  }
}

function show(row, { reason, twins }) {
  row.text.textContent = reason ? `Uploaded. ${reason}` : "Uploaded and read.";
  if (!twins.length) return;
  const links = twins.map(({ title, page }) => {
    const link = make("a", "", title);
    link.href = page;
    return link;
  });
  row.text.append(" The same file is in: ", ...links.flatMap((link, at) => (at ? [", ", link] : [link])));
}
