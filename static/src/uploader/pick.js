// Files and folders as people choose them: by a dialog, by dropping them, or by what the browser remembers of both.
import { getDroppedFiles } from "@uppy/core/utils";

// What file managers leave in folders.
const litter = /^(\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|~\$.*)$/i;

const wanted = (found) => found.filter(({ file }) => !litter.test(file.name));

function plain(file) {
  return { file, path: file.relativePath || file.webkitRelativePath || "" };
}

export function fromInput(input) {
  const found = wanted([...input.files].map(plain));
  input.value = ""; // so that the same file can be chosen again
  return found;
}

async function walk(handle, path, root) {
  if (handle.kind === "file") return [{ file: await handle.getFile(), path: root ? path : "", handle, root }];
  const found = [];
  for await (const inner of handle.values()) found.push(...(await walk(inner, `${path}/${inner.name}`, root ?? handle)));
  return found;
}

/** What was dropped, with its folders. */
export async function fromDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  if (!items.every((item) => item.getAsFileSystemHandle)) return wanted((await getDroppedFiles(transfer)).map(plain));
  const files = [...transfer.files];
  const handles = await Promise.all(items.map((item) => item.getAsFileSystemHandle().catch(() => null)));
  if (!handles.every(Boolean)) return wanted(files.map(plain));
  return wanted((await Promise.all(handles.map((handle) => walk(handle, handle.name)))).flat());
}

/** Opens the dialog that leaves a handle behind; undefined where the browser has none. */
export function dialogFor(input) {
  if (input.accept) return undefined; // the camera roll is the system's own dialog
  const open = input.webkitdirectory ? window.showDirectoryPicker : window.showOpenFilePicker;
  if (!open || matchMedia("(pointer: coarse)").matches) return undefined;
  return async () => {
    try {
      const picked = await open.call(window, input.webkitdirectory ? { mode: "read" } : { multiple: input.multiple });
      return wanted((await Promise.all([picked].flat().map((handle) => walk(handle, handle.name)))).flat());
    } catch (error) {
      if (error.name === "AbortError") return [];
      throw error;
    }
  };
}

/** The file behind a handle, once the person allows it again; undefined when it cannot be had. */
export async function reopened({ handle, root }) {
  const asked = root ?? handle;
  try {
    const allowed = (await asked.queryPermission({ mode: "read" })) === "granted" || (await asked.requestPermission({ mode: "read" })) === "granted";
    return allowed ? await handle.getFile() : undefined;
  } catch {
    return undefined; // moved or deleted since
  }
}
