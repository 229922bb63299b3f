// The files under way: progress, speed, what is left, each and in all; and what became of each.
import { Overall } from "./overall.js";
import { action, Folders, line, make } from "./row.js";
import { Twins } from "./twins.js";
import { fileSize, remaining } from "./words.js";

const smoothing = 0.3; // of the latest reading in the shown speed

export class UploadList {
  #rows = new Map();
  #twins = new Twins();

  constructor(area, uppy, parts) {
    this.uppy = uppy;
    this.parts = parts;
    this.replaces = "replaces" in area.dataset; // one is beside the form already
    this.folders = new Folders(area.querySelector("[data-upload-list]"));
    this.status = area.querySelector("[data-upload-status]");
    this.overall = new Overall(area, {
      pause: () => this.#each("busy", (id) => this.#pause(id)),
      resume: () => this.#each("paused", (id) => this.#resume(id)),
      retry: () => this.#each("failed", (id) => this.#retry(id)),
      cancel: () => ["busy", "paused", "failed"].forEach((state) => this.#each(state, (id) => uppy.removeFile(id))),
    });
    uppy.on("file-added", (file) => this.#add(file));
    uppy.on("upload-progress", (file, progress) => file && this.#progress(file.id, progress));
    uppy.on("upload-success", (file, response) => file && this.#succeed(file.id, response.body));
    uppy.on("upload-error", (file, error) => file && this.#fail(file.id, error.message));
    uppy.on("file-removed", (file) => this.#remove(file.id));
  }

  get busy() {
    return [...this.#rows.values()].some((row) => row.state === "busy");
  }

  /** A file that is not taken at all: its name and why. */
  refuse(name, reason, path = "") {
    const row = line(name, "", { bar: false, text: reason });
    row.item.classList.add("is-bad");
    row.actions.append(action(`Take ${name} off the list`, "x", () => this.folders.remove(row.item)));
    this.folders.place(row.item, path);
    this.#tell(`${name} was not taken. ${reason}`);
  }

  #add(file) {
    const row = Object.assign(line(file.name, fileSize(file.size), { text: "Waiting" }), { state: "busy", size: file.size, sent: 0 });
    row.hold = action(`Pause the upload of ${file.name}`, "player-pause", () => this.#pause(file.id));
    row.drop = action(`Cancel the upload of ${file.name}`, "x", () => this.uppy.removeFile(file.id));
    row.actions.append(row.hold, row.drop);
    this.folders.place(row.item, file.meta.relativePath ?? "");
    this.#rows.set(file.id, row);
    this.#count();
    if (this.#rows.size === 1) row.item.scrollIntoView({ block: "nearest" }); // what was chosen is seen to go
  }

  #each(state, act) {
    [...this.#rows].filter(([, row]) => row.state === state).forEach(([id]) => act(id));
  }

  #swap(row, button) {
    const focused = row.hold === document.activeElement;
    row.hold.replaceWith(button);
    row.hold = button;
    if (focused) button.focus();
  }

  #pause(id) {
    const row = this.#rows.get(id);
    if (row?.state !== "busy") return;
    row.state = "paused";
    row.item.classList.add("is-paused");
    row.text.textContent = row.sent ? `Paused at ${Math.floor(row.bar.value)} %` : "Paused";
    this.#swap(row, action(`Go on with the upload of ${row.name}`, "player-play", () => this.#resume(id)));
    this.parts.pause(id);
    this.#count();
  }

  #resume(id) {
    const row = this.#rows.get(id);
    if (row?.state !== "paused") return;
    this.#begin(row, id);
    this.parts.resume(id);
    this.#count();
  }

  #retry(id) {
    const row = this.#rows.get(id);
    if (row?.state !== "failed") return;
    this.#begin(row, id);
    this.uppy.retryUpload(id);
    this.#count();
  }

  #begin(row, id) {
    row.state = "busy";
    row.at = row.speed = undefined;
    row.item.classList.remove("is-bad", "is-paused");
    row.text.textContent = "Waiting";
    this.#swap(row, action(`Pause the upload of ${row.name}`, "player-pause", () => this.#pause(id)));
  }

  #progress(id, { bytesUploaded, bytesTotal }) {
    const row = this.#rows.get(id);
    if (row?.state !== "busy") return;
    const now = performance.now();
    const passed = (now - (row.at ?? now)) / 1000;
    row.bar.value = (100 * bytesUploaded) / bytesTotal;
    row.sent = bytesUploaded;
    if (row.at === undefined) {
      row.at = now;
      row.bytes = bytesUploaded;
    } else if (passed >= 0.5) {
      const speed = Math.max(0, (bytesUploaded - row.bytes) / passed);
      row.speed = row.speed === undefined ? speed : row.speed * (1 - smoothing) + speed * smoothing;
      row.at = now;
      row.bytes = bytesUploaded;
    }
    const words = [`${Math.floor(row.bar.value)} %`];
    if (row.speed > 0) words.push(`${fileSize(row.speed)}/s`, remaining((bytesTotal - bytesUploaded) / row.speed));
    row.text.textContent = words.join(" · ");
    this.overall.show([...this.#rows.values()]);
  }

  #succeed(id, answer) {
    const row = this.#rows.get(id);
    if (!row) return;
    row.state = "done";
    row.sent = row.size;
    row.item.classList.add("is-done");
    row.bar.remove();
    row.text.textContent = answer.known ? "It is in the library already." : "Uploaded. The hub is reading it now.";
    if (answer.progress && !answer.known) this.#twins.watch(answer.progress, row);
    row.actions.replaceChildren();
    if (answer.edit && !this.replaces && new URL(answer.edit, location.href).pathname !== location.pathname) {
      const link = make("a", "btn btn-sm", answer.label ?? (answer.known ? "Open it" : "Describe it"));
      link.href = answer.edit;
      link.setAttribute("aria-label", `${answer.label ?? (answer.known ? "Open" : "Describe")} ${row.name}`);
      row.actions.append(link);
    }
    this.#count();
  }

  #fail(id, reason) {
    const row = this.#rows.get(id);
    if (!row) return;
    row.state = "failed";
    row.item.classList.add("is-bad");
    row.text.textContent = reason;
    this.#swap(row, action(`Try ${row.name} again`, "refresh", () => this.#retry(id)));
    this.#count();
    this.#tell(`${row.name}: ${reason}`);
  }

  #remove(id) {
    const row = this.#rows.get(id);
    if (!row) return;
    this.folders.remove(row.item);
    this.#rows.delete(id);
    this.#count();
  }

  #count() {
    const rows = [...this.#rows.values()];
    const done = rows.filter((row) => row.state === "done").length;
    if (rows.length) this.#tell(`${done} of ${rows.length} files uploaded.`);
    this.overall.show(rows);
  }

  #tell(text) {
    this.status.textContent = text;
  }
}
