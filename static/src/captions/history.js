// Undo and redo. What is typed into one field without a pause counts as one step.

const pause = 1200; // ms
const most = 500;

export class History {
  #past = [];
  #future = [];
  #last = { key: "", at: 0 };

  keep(state, key = "") {
    const now = Date.now();
    const same = key && key === this.#last.key && now - this.#last.at < pause;
    this.#last = { key, at: now };
    this.#future = [];
    if (same) return;
    this.#past.push(state);
    if (this.#past.length > most) this.#past.shift();
  }

  undo(present) {
    return this.#step(this.#past, this.#future, present);
  }

  redo(present) {
    return this.#step(this.#future, this.#past, present);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  #step(from, to, present) {
    this.#last = { key: "", at: 0 };
    if (!from.length) return undefined;
    to.push(present);
    return from.pop();
  }
}
