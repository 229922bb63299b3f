// The edit page: a preview of the Markdown, and drafts saved while one writes.
import "./chips.js";
import { csrfToken, eachNow } from "./page.js";

const pause = 600; // ms after the last key before the preview is asked for
const rest = 4000; // ms after the last change before the draft is saved

async function post(address, body) {
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json, text/html" };
  const response = await fetch(address, { method: "POST", headers, body, credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

function tab(label, pressed) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "editor-tab";
  button.textContent = label;
  button.setAttribute("aria-pressed", String(pressed));
  return button;
}

// A text area in [data-editor] gets "Write" and "Preview". The preview is asked for as field "body" at the form's
// data-preview-url; the answer is HTML, already cleaned by the server.
function preview(editor) {
  const area = editor.querySelector("textarea");
  const target = editor.querySelector("[data-editor-preview]");
  const address = area.form?.dataset.previewUrl;
  if (!address || !target) return;
  const tabs = document.createElement("div");
  tabs.className = "editor-tabs";
  tabs.setAttribute("role", "group");
  tabs.setAttribute("aria-label", "Write or preview");
  const write = tab("Write", true);
  const show = tab("Preview", false);
  tabs.append(write, show);
  area.before(tabs);

  let asked = 0;
  let timer;
  const fetchPreview = async () => {
    const turn = ++asked;
    const body = new FormData();
    body.set("body", area.value);
    try {
      const html = await (await post(address, body)).text();
      if (turn === asked) target.innerHTML = html;
    } catch {
      target.textContent = "The preview cannot be shown now. Your text is safe in the field.";
    }
  };
  const turn = (previewing) => {
    write.setAttribute("aria-pressed", String(!previewing));
    show.setAttribute("aria-pressed", String(previewing));
    editor.classList.toggle("is-previewing", previewing);
    target.hidden = !previewing;
    if (previewing) fetchPreview();
    else area.focus();
  };
  write.addEventListener("click", () => turn(false));
  show.addEventListener("click", () => turn(true));
  // On wide screens text and preview stand side by side, and the preview follows the text.
  area.addEventListener("input", () => {
    clearTimeout(timer);
    if (!target.hidden) timer = setTimeout(fetchPreview, pause);
  });
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

eachNow("[data-editor]", preview);
eachNow("form[data-autosave-url]", autosave);
eachNow("textarea[data-grow]", grow);
