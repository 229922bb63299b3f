// A small picture of the place one points at, out of the preview strip.

export function showStrip(element, controller) {
  const { strip, stripFrames, stripColumns, stripEvery } = element.dataset;
  const range = controller.querySelector("media-time-range");
  if (!strip || !range) return;
  const frames = Number(stripFrames);
  const columns = Number(stripColumns);
  const rows = Math.ceil(frames / columns);
  const frame = document.createElement("div");
  frame.slot = "preview";
  frame.className = "player-preview";
  frame.hidden = true;
  const sheet = document.createElement("img");
  sheet.alt = "";
  const time = document.createElement("media-preview-time-display");
  time.slot = "preview";
  frame.append(sheet);
  range.append(frame, time);

  sheet.addEventListener("load", () => {
    frame.style.width = `${sheet.naturalWidth / columns}px`;
    frame.style.height = `${sheet.naturalHeight / rows}px`;
    frame.hidden = false;
  });
  // Loaded when somebody looks for a place, not with the page.
  const load = () => (sheet.src ||= strip);
  range.addEventListener("pointerenter", load, { once: true });
  new MutationObserver(() => {
    const seconds = Number(range.getAttribute("mediapreviewtime") ?? "x");
    if (Number.isNaN(seconds)) return;
    const number = Math.max(0, Math.min(frames - 1, Math.round(seconds / Number(stripEvery))));
    const x = ((number % columns) * -100) / columns;
    const y = (Math.floor(number / columns) * -100) / rows;
    sheet.style.transform = `translate(${x}%, ${y}%)`;
  }).observe(range, { attributeFilter: ["mediapreviewtime"] });
}
