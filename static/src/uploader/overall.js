// All files together: how far they are, and what can be done with all of them at once. Shown from two files on.
import { fileSize, remaining } from "./words.js";

export class Overall {
  constructor(area, acts) {
    this.box = area.querySelector("[data-upload-overall]");
    this.bar = this.box.querySelector("progress");
    this.text = this.box.querySelector("[data-overall-text]");
    this.buttons = new Map([...this.box.querySelectorAll("[data-overall-act]")].map((button) => [button.dataset.overallAct, button]));
    for (const [name, button] of this.buttons) button.addEventListener("click", acts[name]);
  }

  show(rows) {
    const count = (state) => rows.filter((row) => row.state === state).length;
    const [busy, paused, failed, done] = ["busy", "paused", "failed", "done"].map(count);
    this.box.hidden = rows.length < 2;
    const total = rows.reduce((sum, row) => sum + row.size, 0);
    const sent = rows.reduce((sum, row) => sum + row.sent, 0);
    const speed = rows.reduce((sum, row) => sum + (row.state === "busy" ? (row.speed ?? 0) : 0), 0);
    this.bar.value = total ? (100 * sent) / total : 0;
    const words = [`${done} of ${rows.length} files`, `${fileSize(sent)} of ${fileSize(total)}`];
    if (failed) words.push(`${failed} failed`);
    if (paused) words.push(`${paused} paused`);
    if (busy && speed > 0) words.push(remaining((total - sent) / speed));
    this.text.textContent = words.join(" · ");
    const shown = { pause: busy > 0, resume: paused > 0, retry: failed > 0, cancel: busy + paused + failed > 0 };
    for (const [name, button] of this.buttons) button.hidden = !shown[name];
  }
}
