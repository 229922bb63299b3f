// What waits to be sent, kept in this browser: after a reload the page still knows it, and where the browser can, opens it by itself.

const kept = 7 * 24 * 3600 * 1000; // ms; as long as the hub keeps an unfinished upload
let opened;

function store() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("hub-uploads", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("files", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** Runs one request; without storage (a private window) nothing is kept and everything else works. */
async function ask(mode, act) {
  try {
    const files = (await store()).transaction("files", mode).objectStore("files");
    return await new Promise((resolve, reject) => {
      const request = act(files);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch {
    return undefined;
  }
}

export function keyOf({ asset = "", path, name, size, modified }) {
  return [asset, path || name, size, modified].join("|");
}

/** `item`: {asset, name, path, size, modified, lot, handle?, root?}. */
export function keep(item) {
  return ask("readwrite", (files) => files.put({ ...item, key: keyOf(item), at: Date.now() }));
}

export function forget(key) {
  return ask("readwrite", (files) => files.delete(key));
}

/** What waits for this place, not older than a week. */
export async function waiting(asset) {
  const all = (await ask("readonly", (files) => files.getAll())) ?? [];
  const old = all.filter((item) => Date.now() - item.at > kept);
  await Promise.all(old.map((item) => forget(item.key)));
  return all.filter((item) => item.asset === asset && !old.includes(item));
}
