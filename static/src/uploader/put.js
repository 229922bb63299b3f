// One part to storage, with patience: a lost connection or a busy server is tried again, later and later.

const tries = 7;
const silence = 90_000; // ms without a byte going out before an attempt is given up

export class PartRefused extends Error {
  constructor(number, status) {
    super(`Storage refused part ${number} (${status}). Try again; if it stays, tell your administrator.`);
    this.status = status;
  }
}

export class NoConnection extends Error {
  constructor() {
    super("The connection was lost. Try again: it goes on where it stopped.");
  }
}

function once({ url, number }, bytes, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), silence);
    };
    const stop = () => request.abort();
    request.open("PUT", url);
    request.upload.onprogress = (event) => {
      wait();
      onProgress(event.loaded);
    };
    request.onload = () => (request.status >= 200 && request.status < 300 ? resolve() : reject(new PartRefused(number, request.status)));
    request.onerror = () => reject(new NoConnection());
    request.onabort = () => reject(signal.aborted ? signal.reason : new NoConnection());
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop);
    wait();
    request.send(bytes);
  });
}

function passing(error) {
  return error instanceof NoConnection || error.status >= 500 || error.status === 408 || error.status === 429;
}

async function rest(attempt, signal) {
  const wait = Math.min(1000 * 2 ** attempt, 30_000) * (0.75 + Math.random() / 2);
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, wait);
    addEventListener("online", resolve, { once: true }); // the network is back: no need to wait longer
    signal.addEventListener("abort", resolve, { once: true });
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
  signal.throwIfAborted();
}

/** Sends `bytes`; `onProgress(count)` tells how many of them are out. Throws what the last attempt threw. */
export async function putPart(part, bytes, onProgress, signal) {
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await once(part, bytes, onProgress, signal);
    } catch (error) {
      onProgress(0);
      if (signal.aborted || !passing(error) || attempt + 1 >= tries) throw error;
      await rest(attempt, signal);
    }
  }
}
