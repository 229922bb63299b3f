// Uploads: Uppy keeps the files and their progress, uploader/parts.js carries them to storage, uploader/list.js shows them.
import Uppy from "@uppy/core";
import { eachNow } from "./page.js";
import { forget, keep, keyOf } from "./uploader/keep.js";
import { UploadList } from "./uploader/list.js";
import { lotOf } from "./uploader/lot.js";
import { Parts } from "./uploader/parts.js";
import { dialogFor, fromDrop, fromInput } from "./uploader/pick.js";
import { Unfinished } from "./uploader/unfinished.js";
import { fileSize } from "./uploader/words.js";

function start(area) {
  const { action, asset, done, replaces } = area.dataset;
  const place = replaces ? `${asset}>${replaces}` : asset; // what is kept here belongs to
  const limit = Number(area.dataset.limit) || null;
  const uppy = new Uppy({ autoProceed: true, restrictions: { maxFileSize: limit } });
  uppy.use(Parts, { action, asset, replaces });
  const list = new UploadList(area, uppy, uppy.getPlugin("Parts"));
  const kept = (file) => keyOf({ asset: place, path: file.meta.relativePath, name: file.name, size: file.size, modified: file.data.lastModified });
  uppy.on("upload-success", (file) => forget(kept(file)));
  uppy.on("upload-error", (file, { status }) => status === 409 && forget(kept(file))); // another file than the one that waits
  uppy.on("file-removed", (file) => forget(kept(file)));
  uppy.on("upload-success", (file, { body }) => document.dispatchEvent(new CustomEvent("hub:uploaded", { detail: { asset, done, answer: body } })));

  const take = (found) => found.forEach((one) => add({ area, uppy, list, unfinished, asset: place, limit }, one));
  const unfinished = new Unfinished(area, place, take);

  area.querySelectorAll("[data-pick]").forEach((input) => {
    input.addEventListener("change", () => take(fromInput(input)));
    const dialog = dialogFor(input);
    if (dialog)
      input.addEventListener("click", async (event) => {
        event.preventDefault();
        take(await dialog());
      });
  });
  receiveDrops(area, take);
  addEventListener("beforeunload", (event) => list.busy && event.preventDefault());
}

function add({ area, uppy, list, unfinished, asset, limit }, { file, path = "", handle, root, upload, lot }) {
  if (file.size === 0) return list.refuse(file.name, "It is empty. Choose a file with something in it.", path);
  if (limit && file.size > limit) return list.refuse(file.name, `It has ${fileSize(file.size)}; the limit is ${fileSize(limit)}. Send a smaller file, or ask your administrator to raise the limit.`, path);
  const known = unfinished.claim(asset, path, file);
  const meta = { relativePath: path, upload, lot: lot ?? known?.lot ?? lotOf(area) };
  keep({ asset, path, name: file.name, size: file.size, modified: file.lastModified, lot: meta.lot, handle, root });
  try {
    uppy.addFile({ name: file.name, type: file.type, data: file, source: "hub", meta });
  } catch (error) {
    if (!uppy.getFiles().some((other) => other.name === file.name && other.size === file.size)) list.refuse(file.name, error.message, path);
  }
}

function receiveDrops(area, take) {
  const zone = area.querySelector("[data-drop]");
  let depth = 0;
  const mark = (step) => {
    depth = Math.max(0, depth + step);
    zone.classList.toggle("is-over", depth > 0);
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  zone.addEventListener("dragenter", (event) => carriesFiles(event) && mark(1));
  zone.addEventListener("dragleave", (event) => carriesFiles(event) && mark(-1));
  // A file dropped beside the area would otherwise replace the page.
  addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(-depth);
    if (zone.contains(event.target)) take(await fromDrop(event.dataTransfer));
  });
}

eachNow("[data-uploader]", start);
