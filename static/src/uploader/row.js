// One line of the list: name, progress, what can be done.
import { icon } from "../page.js";

export function make(name, className, text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

export function action(label, symbol, onClick) {
  const button = make("button", "btn btn-quiet btn-icon btn-sm");
  button.type = "button";
  button.setAttribute("aria-label", label);
  button.title = label;
  button.append(icon(symbol));
  button.addEventListener("click", onClick);
  return button;
}

/** The parts of a line; `bar` is null where nothing is being sent. */
export function line(name, size, { bar = true, text = "" } = {}) {
  const item = make("li", "upload-item");
  const words = make("p", "upload-text", text);
  const head = make("p", "upload-name", name);
  if (size) head.append(make("span", "upload-size num", size));
  const body = make("div", "upload-body");
  let progress = null;
  if (bar) {
    progress = make("progress", "bar");
    progress.max = 100;
    progress.value = 0;
    progress.setAttribute("aria-label", `Upload of ${name}`);
  }
  body.append(...[head, progress, words].filter(Boolean));
  const actions = make("div", "upload-actions");
  item.append(icon("file"), body, actions);
  return { item, text: words, bar: progress, actions, body, name };
}

/** Lines under the folder they come from: `Q3 launch / decks`. */
export class Folders {
  #groups = new Map();

  constructor(list) {
    this.list = list;
  }

  place(item, path) {
    const folder = path.split("/").slice(0, -1).join(" / ");
    if (!folder) return this.list.append(item);
    let group = this.#groups.get(folder);
    if (!group) {
      group = { box: make("li", "upload-folder"), lines: make("ul", "upload-list") };
      const head = make("p", "upload-folder-name");
      head.append(icon("folder"), make("span", "", folder));
      group.box.append(head, group.lines);
      this.#groups.set(folder, group);
    }
    this.list.append(group.box);
    group.lines.append(item);
  }

  /** Takes a line away, and its folder with the last one. */
  remove(item) {
    const lines = item.parentElement;
    item.remove();
    const box = lines?.closest(".upload-folder");
    if (box && !lines.children.length) box.remove();
  }
}
