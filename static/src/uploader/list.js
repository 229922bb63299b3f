// The files under way: name, progress, speed, what is left; and what became of each.
import { icon } from "../page.js";
import { fileSize, remaining } from "./words.js";

const smoothing = 0.3; // of the latest reading in the shown speed

function make(name, className, text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function action(label, symbol, onClick) {
  const button = make("button", "btn btn-quiet btn-icon btn-sm");
  button.type = "button";
  button.setAttribute("aria-label", label);
  button.title = label;
  button.append(icon(symbol));
  button.addEventListener("click", onClick);
  return button;
}

export class UploadList {
  #rows = new Map();

  constructor(area, uppy) {
    this.uppy = uppy;
    this.list = area.querySelector("[data-upload-list]");
    this.status = area.querySelector("[data-upload-status]");
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
  refuse(name, reason) {
    const row = this.#row(name, "");
    row.item.classList.add("is-bad");
    row.text.textContent = reason;
    row.bar.remove();
    row.actions.append(action(`Take ${name} off the list`, "x", () => row.item.remove()));
    this.#tell(`${name} was not taken. ${reason}`);
  }

  #row(name, size) {
    const item = make("li", "upload-item");
    const text = make("p", "upload-text", "Waiting");
    const bar = make("progress", "bar");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Upload of ${name}`);
    const head = make("p", "upload-name", name);
    if (size) head.append(make("span", "upload-size num", size));
    const body = make("div", "upload-body");
    body.append(head, bar, text);
    const actions = make("div", "upload-actions");
    item.append(icon("file"), body, actions);
    this.list.append(item);
    return { item, text, bar, actions, body, name };
  }

  #add(file) {
    const row = this.#row(file.name, fileSize(file.size));
    row.state = "busy";
    row.actions.append(action(`Cancel the upload of ${file.name}`, "x", () => this.uppy.removeFile(file.id)));
    this.#rows.set(file.id, row);
    this.#count();
  }

  #progress(id, { bytesUploaded, bytesTotal }) {
    const row = this.#rows.get(id);
    if (!row) return;
    const now = performance.now();
    const passed = (now - (row.at ?? now)) / 1000;
    row.bar.value = (100 * bytesUploaded) / bytesTotal;
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
  }

  #succeed(id, answer) {
    const row = this.#rows.get(id);
    if (!row) return;
    row.state = "done";
    row.item.classList.add("is-done");
    row.bar.remove();
    row.text.textContent = "Uploaded. The hub is reading it now.";
    row.actions.replaceChildren();
    if (answer.edit && new URL(answer.edit, location.href).pathname !== location.pathname) {
      const link = make("a", "btn btn-sm", "Describe it");
      link.href = answer.edit;
      link.setAttribute("aria-label", `Describe ${row.name}`);
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
    const retry = action(`Try ${row.name} again`, "refresh", () => {
      row.state = "busy";
      row.at = row.speed = undefined;
      row.item.classList.remove("is-bad");
      row.text.textContent = "Waiting";
      retry.remove();
      this.uppy.retryUpload(id);
    });
    row.actions.prepend(retry);
    this.#tell(`${row.name}: ${reason}`);
  }

  #remove(id) {
    this.#rows.get(id)?.item.remove();
    this.#rows.delete(id);
    this.#count();
  }

  #count() {
    const rows = [...this.#rows.values()];
    const done = rows.filter((row) => row.state === "done").length;
    if (rows.length) this.#tell(`${done} of ${rows.length} files uploaded.`);
  }

  #tell(text) {
    this.status.textContent = text;
  }
}
