// Ties the list of lines to the player, the keys and the form.
import * as acts from "./cues.js";
import { History } from "./history.js";
import { Rows, button, make } from "./rows.js";

export class CueEditor {
  #cues;
  #history = new History();
  #stopAt;

  constructor(form) {
    this.form = form;
    this.area = form.querySelector("textarea[name=cues]");
    this.duration = Number(form.dataset.duration ?? 0) * 1000;
    this.media = document.getElementById(form.dataset.cueEditor)?.querySelector("video, audio");
    this.#cues = acts.fromVtt(this.area.value);
    this.rows = new Rows(this, this.duration);
    form.querySelector(".cue-plain").hidden = true;
    form.prepend(this.#bar(), this.rows.list, this.rows.empty);
    document.querySelector("[data-cue-keys]")?.removeAttribute("hidden");
    this.rows.draw(this.#cues, 0);
    if ("changed" in form.dataset) this.#touch();
    this.#follow();
    form.addEventListener("submit", (event) => this.#send(event));
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  get now() {
    return Math.round((this.media?.currentTime ?? 0) * 1000);
  }

  /** Typed into a field: no other row changes. */
  typed(index, values, field) {
    this.#history.keep(this.#cues, `${index} ${field}`);
    this.#cues = acts.change(this.#cues, index, values);
    this.rows.judge(this.#cues);
    this.#state();
  }

  /** An act on the whole list, after which row `focus` is the active one. */
  act(change, focus, field = "text") {
    const changed = change(this.#cues);
    if (changed === this.#cues) return;
    this.#history.keep(this.#cues);
    this.#cues = changed;
    this.#touch();
    this.rows.draw(this.#cues, focus, field);
    this.#state();
  }

  play(index) {
    if (!this.media) return;
    this.media.currentTime = this.#cues[index].start / 1000;
    this.#stopAt = this.#cues[index].end / 1000;
    this.media.play().catch(() => {});
  }

  split(index) {
    this.act((cues) => acts.split(cues, index, this.rows.caret(index), this.now), index + 1);
  }

  merge(index) {
    this.act((cues) => acts.merge(cues, index), index);
  }

  insert(index) {
    this.act((cues) => acts.insertAfter(cues, index), index + 1);
  }

  remove(index) {
    this.act((cues) => acts.remove(cues, index), Math.min(index, this.#cues.length - 2));
  }

  setTime(index, which) {
    this.act((cues) => acts.change(cues, index, { [which]: this.now }), index, which);
  }

  /** Where the player stands: a new line behind those that have begun. */
  #insertNow() {
    const index = this.#cues.findLastIndex((cue) => cue.start <= this.now);
    this.act((cues) => acts.insertAfter(cues, index, this.now), index + 1);
  }

  #back(step) {
    const found = this.#history[step](this.#cues);
    if (!found) return;
    this.#cues = found;
    this.#touch();
    this.rows.draw(this.#cues, Math.min(this.rows.active, found.length - 1));
    this.#state();
  }

  #bar() {
    const bar = make("div", { class: "cue-bar", role: "toolbar", "aria-label": "All lines" });
    this.undo = button("arrow-back-up", "Undo", () => this.#back("undo"));
    this.redo = button("arrow-forward-up", "Redo", () => this.#back("redo"));
    this.status = make("p", { class: "cue-status small quiet", role: "status" });
    bar.append(button("plus", "Line at the player", () => this.#insertNow(), true), this.undo, this.redo, this.#shifter(), this.status);
    return bar;
  }

  #shifter() {
    const box = make("div", { class: "cue-shift" });
    const seconds = make("input", { class: "form-control", type: "number", step: "0.1", value: "0.5", "aria-label": "Seconds to shift by; less than nothing is earlier" });
    const from = make("select", { class: "form-select", "aria-label": "Which lines to shift" });
    from.append(new Option("all", "all"), new Option("from this line on", "here"));
    const go = button("clock", "Shift", () => {
      const by = Math.round(Number(seconds.value) * 1000);
      if (by) this.act((cues) => acts.shift(cues, by, from.value === "here" ? this.rows.active : 0), this.rows.active, "start");
    }, true);
    seconds.addEventListener("input", (event) => event.stopPropagation());
    box.append(go, seconds, make("span", { class: "small quiet" }, "s"), from);
    return box;
  }

  #state() {
    this.undo.disabled = !this.#history.canUndo;
    this.redo.disabled = !this.#history.canRedo;
    const { wrong, odd } = this.rows.count;
    const told = [`${this.#cues.length} ${this.#cues.length === 1 ? "line" : "lines"}`];
    if (wrong) told.push(`${wrong} to mend`);
    if (odd) told.push(`${odd} to look at`);
    this.status.textContent = told.join(", ");
  }

  // The guard of unsaved changes listens for input; buttons make none.
  #touch() {
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #follow() {
    this.#state();
    this.media?.addEventListener("timeupdate", () => {
      const seconds = this.media.currentTime;
      if (this.#stopAt !== undefined && seconds >= this.#stopAt) {
        this.#stopAt = undefined;
        this.media.pause();
      }
      const moment = seconds * 1000;
      this.rows.mark(this.#cues.findIndex((cue) => cue.start <= moment && moment < cue.end));
    });
    this.media?.addEventListener("seeking", () => {
      if (this.#stopAt !== undefined && this.media.currentTime > this.#stopAt) this.#stopAt = undefined;
    });
  }

  #send(event) {
    this.rows.judge(this.#cues);
    const bad = this.rows.firstWrong;
    if (bad >= 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.rows.activate(bad, "text");
      this.#state();
      return;
    }
    this.area.value = acts.toVtt(acts.sorted(this.#cues));
  }

  #key(event) {
    const { active } = this.rows;
    const some = active >= 0 && active < this.#cues.length;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const does = command && !event.altKey
      ? { z: () => this.#back(event.shiftKey ? "redo" : "undo"), y: () => this.#back("redo"), s: () => this.form.requestSubmit() }[key]
      : event.altKey && !command
        ? this.#alt(event.code, active, some)
        : undefined;
    if (!does || event.target.closest?.("dialog") || (key === "z" && !this.form.contains(event.target) && event.target !== document.body)) return;
    event.preventDefault();
    does();
  }

  // By the place of the key: with Alt (Option) some keyboards write another letter.
  #alt(code, index, some) {
    if (code === "KeyP") return () => (this.media?.paused ? this.media.play().catch(() => {}) : this.media?.pause());
    if (code === "KeyI") return () => this.insert(some ? index : -1);
    if (!some) return undefined;
    return {
      Enter: () => this.play(index),
      ArrowUp: () => this.rows.activate(Math.max(0, index - 1), "text"),
      ArrowDown: () => this.rows.activate(Math.min(this.#cues.length - 1, index + 1), "text"),
      Comma: () => this.setTime(index, "start"),
      Period: () => this.setTime(index, "end"),
      KeyS: () => this.split(index),
      KeyM: () => this.merge(index),
      Delete: () => this.remove(index),
      Backspace: () => this.remove(index),
    }[code];
  }
}
