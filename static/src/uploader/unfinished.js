// What was begun and not finished: known to the hub, or only to this browser. The same file again, and it goes on.
import { toast } from "../page.js";
import { forget, keyOf, waiting } from "./keep.js";
import { fromInput, reopened } from "./pick.js";
import { action, Folders, line, make } from "./row.js";
import { ask } from "./session.js";
import { fileSize } from "./words.js";

const pathOf = (item) => item.path || item.name;

export class Unfinished {
  #items = new Map(); // key → {…, upload?, handle?, row}
  #claimed = new Set(); // keys of what was chosen, maybe before the list was there

  /** `start(files)` begins with files that were chosen: [{file, path, handle, root, upload, lot}]. */
  constructor(area, asset, start) {
    this.box = area.querySelector("[data-unfinished]");
    this.asset = asset;
    this.address = area.dataset.action;
    this.start = start;
    if (!this.box) return;
    this.list = this.box.querySelector("[data-unfinished-list]");
    this.folders = new Folders(this.list);
    this.box.querySelector("[data-unfinished-go]").addEventListener("click", () => this.#goOn([...this.#items.values()]));
    this.box.querySelector("[data-unfinished-drop]").addEventListener("click", () => this.#dropAll());
    this.box.querySelectorAll("[data-unfinished-pick]").forEach((input) => input.addEventListener("change", () => this.start(fromInput(input))));
    this.#load();
  }

  async #load() {
    for (const item of await waiting(this.asset)) this.#items.set(keyOf(item), item);
    const told = await ask(this.address, "GET").catch(() => ({ uploads: [] }));
    for (const upload of told.uploads) {
      const known = { ...upload, name: upload.filename, asset: this.asset };
      this.#items.set(keyOf(known), { ...this.#items.get(keyOf(known)), ...known });
    }
    this.#claimed.forEach((key) => this.#items.delete(key));
    this.list.replaceChildren();
    [...this.#items].sort(([, a], [, b]) => pathOf(a).localeCompare(pathOf(b))).forEach(([key, item]) => this.#show(key, item));
    this.#count();
  }

  /** A file that was chosen anew: what is known of it here, which it is then no longer waiting for. */
  claim(asset, path, file) {
    const key = keyOf({ asset, path, name: file.name, size: file.size, modified: file.lastModified });
    const item = this.#items.get(key);
    this.#claimed.add(key);
    if (item) this.#away(key, item);
    return item;
  }

  #show(key, item) {
    const row = line(item.name, fileSize(item.size), { bar: false, text: item.upload ? "Sent in part" : "Not begun yet" });
    const input = make("input", "visually-hidden");
    input.type = "file";
    input.setAttribute("aria-label", `Choose ${item.name} again`);
    input.addEventListener("change", () => this.#same(input, item));
    const pick = make("label", "btn btn-sm", item.handle ? "Go on" : "Choose it again");
    if (item.handle) {
      const go = make("button", "btn btn-sm", "Go on");
      go.type = "button";
      go.setAttribute("aria-label", `Go on with ${item.name}`);
      go.addEventListener("click", () => this.#goOn([item]));
      row.actions.append(go);
    } else {
      pick.append(input);
      row.actions.append(pick);
    }
    row.actions.append(action(`Cancel the upload of ${item.name}`, "x", () => this.#drop(key, item)));
    item.row = row;
    this.folders.place(row.item, item.path ?? "");
  }

  /** A file chosen for this line: the hub refuses another than the one it began with. */
  #same(input, item) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const differs = file.name !== item.name || file.size !== item.size || file.lastModified !== item.modified;
    if (differs && !item.upload) {
      item.row.text.textContent = "This is another file than the one that waits: name, size or last change differ. Choose that one, or cancel.";
      item.row.item.classList.add("is-bad");
      return;
    }
    if (!differs) this.#away(keyOf(item), item);
    this.start([{ file, path: item.path, upload: item.upload, lot: item.lot }]);
  }

  async #goOn(items) {
    const found = [];
    for (const item of items.filter(({ handle }) => handle)) {
      const file = await reopened(item); // one question after the other; a folder asks once
      if (file) found.push({ ...item, file });
    }
    if (found.length < items.filter(({ handle }) => handle).length) toast("Some files are not where they were. Choose them again.", "bad");
    this.start(found);
  }

  async #dropAll() {
    await Promise.all([...this.#items].map(([key, item]) => this.#drop(key, item)));
  }

  async #drop(key, item) {
    if (item.upload) await ask(`${this.address}/${item.upload}`, "DELETE").catch(() => {});
    await forget(key);
    this.#away(key, item);
  }

  #away(key, item) {
    this.#items.delete(key);
    if (item.row) this.folders.remove(item.row.item);
    this.#count();
  }

  #count() {
    if (!this.box) return;
    const items = [...this.#items.values()];
    this.box.hidden = items.length === 0;
    this.box.querySelector("[data-unfinished-count]").textContent = items.length === 1 ? "1 file of yours waits." : `${items.length} files of yours wait.`;
    this.box.querySelector("[data-unfinished-go]").hidden = !items.some(({ handle }) => handle);
    this.box.querySelector("[data-unfinished-folder]").hidden = !items.some(({ path }) => path?.includes("/"));
  }
}
