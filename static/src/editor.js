// The edit page: a preview of the Markdown, and what is typed kept while one writes.
import "./chips.js";
import { csrfToken, eachNow } from "./page.js";

const pause = 600; // ms after the last key before the preview is asked for
const rest = 3000; // ms after the last change before it is kept

// Whether a browser sends it although the page is going away: 64 KB at most.
function outlives(body) {
  const texts = [...body.values()].filter((value) => typeof value === "string");
  return texts.reduce((sum, text) => sum + new Blob([text]).size + 200, 0) < 60_000;
}

async function post(address, body) {
  const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json, text/html" };
  const response = await fetch(address, { method: "POST", headers, body, credentials: "same-origin", keepalive: outlives(body) });
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

// data-autosave-url: the whole form is kept there while one writes, under the name in its field "writing"; nothing is
// published by that, and it is no version. data-autosave-status says what became of it. When the page goes away, what is
// not kept yet is sent along.
function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  const address = form.dataset.autosaveUrl;
  const { writing, seen, version } = form.elements;
  let timer;
  let under = null; // the request on its way
  let changed = false;
  let stopped = false;
  const say = (text) => status && (status.textContent = text);
  const told = (answer) => {
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const at = answer.others?.length ? ` ${answer.others.join(", ")} writes here too.` : "";
    const newer = answer.version > Number(version?.value) ? " Somebody saved another version meanwhile: when you save, you are shown both." : "";
    say(`Kept at ${time}, not saved yet.${at}${newer}`);
  };
  const keep = async () => {
    clearTimeout(timer);
    if (stopped || !changed) return;
    if (under) return wait();
    changed = false;
    try {
      under = post(address, new FormData(form));
      const answer = await (await under).json();
      if (answer.ended) throw new Error("ended");
      [writing.value, seen.value] = [answer.writing, answer.seen];
      if (!changed) form.dispatchEvent(new CustomEvent("hub:saved", { bubbles: true }));
      told(answer);
    } catch (error) {
      changed = true;
      say(error.message === "422" ? "Not kept: this is longer than an asset can be." : "Not kept. Check your connection; it is tried again.");
      wait(rest * 3);
    } finally {
      under = null;
    }
  };
  const wait = (time = rest) => {
    clearTimeout(timer);
    timer = setTimeout(keep, time);
  };
  form.addEventListener("input", () => {
    changed = true;
    wait();
  });
  form.addEventListener("change", () => {
    changed = true;
    wait();
  });
  form.addEventListener("submit", () => {
    stopped = true;
    clearTimeout(timer);
  });
  addEventListener("pageshow", () => (stopped = false));
  addEventListener("pagehide", () => {
    if (stopped || !changed || under) return;
    const body = new FormData(form);
    body.set("csrf_token", csrfToken());
    if (navigator.sendBeacon(address, body)) changed = false;
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep());
}

// Ctrl+S, or Cmd+S, saves from any field: the button lies behind all the terms for those who go by keyboard.
function saving(button) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || event.altKey || event.shiftKey || event.ctrlKey === event.metaKey) return;
    event.preventDefault();
    button.form.requestSubmit(button);
  });
}

// data-aim: how many words are enough.
function aim(editor) {
  const area = editor.querySelector("textarea");
  const enough = Number(editor.dataset.aim);
  const said = document.createElement("p");
  said.className = "field-hint num";
  const count = () => {
    const words = (area.value.match(/\S+/g) ?? []).length;
    said.textContent = words > enough ? `${words} words; ${enough} are enough.` : `${words} of about ${enough} words`;
  };
  area.closest(".field").append(said);
  area.addEventListener("input", count);
  count();
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

eachNow("[data-save]", saving);
eachNow("[data-editor]", preview);
eachNow("[data-editor][data-aim]", aim);
eachNow("form[data-autosave-url]", autosave);
eachNow("textarea[data-grow]", grow);
