// The edit page: a preview of the Markdown, and drafts saved while one writes.
import { csrfToken, eachNow } from "./page.js";

const pause = 600; // ms after the last key before the preview is asked for
const rest = 4000; // ms after the last change before the draft is saved

async function post(address, body) {
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json, text/html" };
  const response = await fetch(address, { method: "POST", headers, body, credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

// data-preview-url on the form or the text area; the answer is HTML, already cleaned by the server.
function preview(area) {
  const address = area.dataset.previewUrl ?? area.form?.dataset.previewUrl;
  const target = document.getElementById(area.dataset.preview);
  if (!address || !target) return;
  let timer;
  let last = 0;
  const show = async () => {
    const turn = ++last;
    const body = new FormData();
    body.set("text", area.value);
    try {
      const html = await (await post(address, body)).text();
      if (turn === last) target.innerHTML = html;
    } catch {
      target.textContent = "The preview cannot be shown now. Your text is kept here.";
    }
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, pause);
  });
  if (area.value.trim()) show();
}

// data-autosave-url: the whole form is sent there; data-autosave-status says what became of it.
function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer;
  let stopped = false;
  const say = (text) => status && (status.textContent = text);
  const save = async () => {
    if (stopped) return;
    say("Saving…");
    try {
      await post(form.dataset.autosaveUrl, new FormData(form));
      form.dispatchEvent(new CustomEvent("hub:saved", { bubbles: true }));
      say(`Saved at ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`);
    } catch (error) {
      say(error.message === "422" ? "Not saved: something is missing. Press Save to see what." : "Not saved. Check your connection; the next change tries again.");
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    say("Unsaved changes");
    timer = setTimeout(save, rest);
  });
  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
  });
}

// data-grow: the text area is as tall as its text.
function grow(area) {
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  };
  area.addEventListener("input", fit);
  fit();
}

eachNow("textarea[data-preview]", preview);
eachNow("form[data-autosave-url]", autosave);
eachNow("textarea[data-grow]", grow);
