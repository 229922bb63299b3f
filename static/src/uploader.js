// Uploads: Uppy keeps the files and their progress, uploader/parts.js carries them to storage, uploader/list.js shows them.
import Uppy from "@uppy/core";
import { getDroppedFiles } from "@uppy/core/utils";
import { eachNow } from "./page.js";
import { UploadList } from "./uploader/list.js";
import { Parts } from "./uploader/parts.js";
import { fileSize } from "./uploader/words.js";

// What file managers leave in folders.
const litter = /^(\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|~\$.*)$/i;

function start(area) {
  const { action, asset, done } = area.dataset;
  const limit = Number(area.dataset.limit) || null;
  const uppy = new Uppy({ autoProceed: true, restrictions: { maxFileSize: limit } });
  const list = new UploadList(area, uppy);
  uppy.use(Parts, { action, asset });
  uppy.on("upload-success", () => document.dispatchEvent(new CustomEvent("hub:uploaded", { detail: { asset, done } })));

  const take = (files) => files.filter((file) => !litter.test(file.name)).forEach((file) => add(uppy, list, file, limit));

  area.querySelectorAll("[data-pick]").forEach((input) =>
    input.addEventListener("change", () => {
      take([...input.files]);
      input.value = ""; // so that the same file can be chosen again
    }),
  );
  receiveDrops(area, take);
  addEventListener("beforeunload", (event) => list.busy && event.preventDefault());
}

function add(uppy, list, file, limit) {
  const relativePath = file.relativePath ?? file.webkitRelativePath ?? "";
  if (file.size === 0) return list.refuse(file.name, "It is empty. Choose a file with something in it.");
  if (limit && file.size > limit) return list.refuse(file.name, `It has ${fileSize(file.size)}; the limit is ${fileSize(limit)}. Send a smaller file, or ask your administrator to raise the limit.`);
  try {
    uppy.addFile({ name: file.name, type: file.type, data: file, source: "hub", meta: { relativePath } });
  } catch (error) {
    if (!uppy.getFiles().some((known) => known.name === file.name && known.size === file.size)) list.refuse(file.name, error.message);
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
    if (zone.contains(event.target)) take(await getDroppedFiles(event.dataTransfer));
  });
}

eachNow("[data-uploader]", start);
