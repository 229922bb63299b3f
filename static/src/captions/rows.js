// The lines as one sees them. The tools are in the row that is being worked on.
import { icon } from "../page.js";
import { judge } from "./cues.js";
import { readTime, showTime } from "./times.js";

export function make(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

export function button(symbol, label, act, shown = false) {
  const made = make("button", { type: "button", class: shown ? "btn" : "btn btn-icon", ...(shown ? {} : { "aria-label": label, title: label }) });
  made.append(icon(symbol));
  if (shown) made.append(label);
  made.addEventListener("click", act);
  return made;
}

export class Rows {
  active = 0;
  count = { wrong: 0, odd: 0 };
  firstWrong = -1;
  #marked;

  constructor(editor, duration) {
    this.editor = editor;
    this.duration = duration;
    this.list = make("ol", { class: "cues", "aria-label": "Lines" });
    this.empty = make("p", { class: "quiet" }, "No lines yet. Play the recording, stop where somebody begins to speak, and press “Line at the player”.");
    this.tools = this.#makeTools();
    this.list.addEventListener("focusin", (event) => this.#enter(this.#indexOf(event.target)));
  }

  draw(cues, focus, field = "") {
    this.list.replaceChildren(...cues.map((cue, index) => this.#row(cue, index)));
    this.empty.hidden = cues.length > 0;
    this.active = Math.max(0, Math.min(focus, cues.length - 1));
    this.judge(cues);
    if (!cues.length) return;
    if (field) this.activate(this.active, field);
    else this.#enter(this.active);
  }

  activate(index, field) {
    const row = this.list.children[index];
    row?.querySelector(`[data-field=${field}]`)?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }

  caret(index) {
    const area = this.list.children[index]?.querySelector("textarea");
    return area?.selectionStart ?? 0;
  }

  /** The line that is being said. */
  mark(index) {
    const row = this.list.children[index];
    if (row === this.#marked) return;
    this.#marked?.classList.remove("is-now");
    this.#marked = row;
    row?.classList.add("is-now");
    if (row && !this.list.contains(document.activeElement)) row.scrollIntoView({ block: "nearest" });
  }

  judge(cues) {
    this.count = { wrong: 0, odd: 0 };
    this.firstWrong = -1;
    cues.forEach((_cue, index) => {
      const { wrong, odd } = judge(cues, index, this.duration);
      const row = this.list.children[index];
      if (wrong && this.firstWrong < 0) this.firstWrong = index;
      this.count.wrong += wrong ? 1 : 0;
      this.count.odd += odd ? 1 : 0;
      row.classList.toggle("is-wrong", Boolean(wrong));
      const words = row.querySelector(".cue-words");
      if (words.textContent !== (wrong ?? odd ?? "")) words.textContent = wrong ?? odd ?? "";
      row.querySelector("textarea").setAttribute("aria-invalid", String(Boolean(wrong)));
    });
  }

  #row(cue, index) {
    const row = make("li", { class: "cue" });
    const words = make("p", { class: "cue-words", id: `cue-words-${index}` });
    const text = make("textarea", { class: "form-control", rows: "2", "data-field": "text", "aria-label": `Line ${index + 1}`, "aria-describedby": words.id, maxlength: "2000" });
    text.value = cue.text;
    text.addEventListener("input", () => this.editor.typed(this.#indexOf(text), { text: text.value }, "text"));
    const times = make("div", { class: "cue-times" });
    times.append(make("span", { class: "cue-number num" }, String(index + 1)), this.#time(cue, "start", `Line ${index + 1} begins`), this.#time(cue, "end", `Line ${index + 1} ends`));
    row.append(times, text, words);
    return row;
  }

  #time(cue, which, label) {
    const input = make("input", { class: "form-control num", type: "text", inputmode: "decimal", "data-field": which, "aria-label": label });
    input.value = Number.isNaN(cue[which]) ? "" : showTime(cue[which]);
    input.addEventListener("input", () => this.editor.typed(this.#indexOf(input), { [which]: readTime(input.value) ?? Number.NaN }, which));
    input.addEventListener("change", () => {
      const moment = readTime(input.value);
      if (moment !== undefined) input.value = showTime(moment);
    });
    return input;
  }

  #makeTools() {
    const tools = make("div", { class: "cue-tools", role: "toolbar", "aria-label": "This line" });
    const { editor } = this;
    const here = (act) => () => act(this.active);
    tools.append(
      button("player-play", "Play this line", here((index) => editor.play(index))),
      button("arrow-bar-to-left", "Begin it where the player is", here((index) => editor.setTime(index, "start"))),
      button("arrow-bar-to-right", "End it where the player is", here((index) => editor.setTime(index, "end"))),
      button("cut", "Split it at the cursor", here((index) => editor.split(index))),
      button("arrows-join", "Merge it with the next", here((index) => editor.merge(index))),
      button("plus", "Insert a line after it", here((index) => editor.insert(index))),
      button("trash", "Delete it", here((index) => editor.remove(index))),
    );
    return tools;
  }

  #enter(index) {
    const row = this.list.children[index];
    if (!row || this.tools.parentElement === row) return;
    this.list.querySelector(".is-active")?.classList.remove("is-active");
    this.active = index;
    row.classList.add("is-active");
    row.append(this.tools);
  }

  #indexOf(element) {
    return [...this.list.children].indexOf(element.closest(".cue"));
  }
}
