// An Uppy uploader: each file goes to storage in parts, several at once, by addresses that the hub signed.
import { BasePlugin } from "@uppy/core";
import { Gate } from "./gate.js";
import { PartRefused, putPart } from "./put.js";
import { Refused, Session } from "./session.js";

const filesAtOnce = 3;
const partsAtOnce = 3; // over all files
const rounds = 3; // how often missing parts are asked for before the hub's word is final

export class Parts extends BasePlugin {
  constructor(uppy, options) {
    super(uppy, { id: "Parts", ...options });
    this.id = "Parts";
    this.type = "uploader";
    this.files = new Gate(filesAtOnce);
    this.puts = new Gate(partsAtOnce);
    this.running = new Map(); // file id → {session, stop}
    this.begun = new Map(); // file id → session, also while it pauses
    this.paused = new Set();
  }

  install() {
    this.uppy.addUploader(this.upload);
    this.uppy.on("file-removed", this.#drop);
  }

  uninstall() {
    this.uppy.removeUploader(this.upload);
    this.uppy.off("file-removed", this.#drop);
  }

  upload = async (ids) => {
    const files = ids.map((id) => this.uppy.getFile(id)).filter(Boolean);
    this.uppy.emit("upload-start", files);
    await Promise.all(files.map((file) => this.files.run(() => this.#one(file))));
  };

  /** Stops sending a file; what has arrived stays. */
  pause(id) {
    this.paused.add(id);
    this.running.get(id)?.stop.abort(new DOMException("Paused", "AbortError"));
  }

  /** Goes on with a file that pauses. */
  resume(id) {
    if (!this.paused.delete(id)) return;
    const file = this.uppy.getFile(id);
    if (file) this.files.run(() => this.#one(file));
  }

  async #one(file) {
    if (!this.uppy.getFile(file.id) || this.paused.has(file.id)) return; // taken off the list, or held, while it waited
    const stop = new AbortController();
    const session = new Session(this.opts, file, stop.signal);
    this.running.set(file.id, { session, stop });
    this.begun.set(file.id, session);
    try {
      const answer = await this.#carry(file, session, stop.signal);
      this.uppy.emit("upload-success", this.uppy.getFile(file.id), { status: 200, body: answer });
    } catch (error) {
      const known = this.uppy.getFile(file.id);
      if (known && !this.paused.has(file.id)) this.uppy.emit("upload-error", known, worded(error));
    } finally {
      this.running.delete(file.id);
    }
  }

  async #carry(file, session, signal) {
    await session.open();
    for (let round = 1; ; round += 1) {
      try {
        if (!session.state.complete) await this.#send(file, session.state, signal);
        const answer = await session.complete();
        this.begun.delete(file.id); // nothing to cancel any more
        return { ...answer, known: session.state.complete };
      } catch (error) {
        // Addresses that ran out (403), or parts the hub misses (400, 422): ask again what is to be sent.
        const mendable = (error instanceof PartRefused && error.status === 403) || (error instanceof Refused && [400, 422].includes(error.status));
        if (!mendable || round === rounds) throw error;
        await session.refresh();
      }
    }
  }

  async #send(file, state, signal) {
    const there = state.done.reduce((sum, part) => sum + part.size, 0);
    const out = new Map(); // part number → bytes out
    const tell = () => {
      const bytesUploaded = there + [...out.values()].reduce((sum, bytes) => sum + bytes, 0);
      this.uppy.emit("upload-progress", this.uppy.getFile(file.id), { bytesUploaded, bytesTotal: file.size });
    };
    tell();
    const send = async (part) => {
      if (signal.aborted) return;
      const start = (part.number - 1) * state.part_size;
      const progress = (bytes) => {
        out.set(part.number, Math.min(bytes, part.size));
        tell();
      };
      await putPart(part, file.data.slice(start, start + part.size), progress, signal);
      progress(part.size);
    };
    const all = await Promise.allSettled(state.parts.map((part) => this.puts.run(() => send(part))));
    signal.throwIfAborted();
    const failed = all.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  #drop = (file) => {
    this.paused.delete(file.id);
    this.running.get(file.id)?.stop.abort(new DOMException("Cancelled", "AbortError"));
    this.begun.get(file.id)?.cancel().catch(() => {}); // the hub sweeps what nobody comes back to
    this.begun.delete(file.id);
  };
}

function worded(error) {
  // fetch tells of a lost connection by a TypeError with words for developers.
  return error instanceof TypeError ? new Error("The hub cannot be reached. Check your connection, then try again: it goes on where it stopped.") : error;
}
