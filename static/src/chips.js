// data-chips: a text area with a word a line becomes chips that one adds by Enter and takes away by a click or Backspace.
// The text area stays what is sent.
import { eachNow, icon } from "./page.js";

function chips(area) {
  const list = document.createElement("ul");
  const input = document.createElement("input");
  const box = document.createElement("div");
  const said = document.createElement("p");
  list.className = "chips chips-edit";
  input.className = "form-control";
  input.maxLength = 120;
  input.placeholder = "Type a word and press Enter";
  input.setAttribute("aria-label", "Add another word");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  box.className = "chips-box";
  box.append(list, input, said);
  area.after(box);
  area.hidden = true;
  const label = area.labels?.[0];
  input.id = `${area.id}-new`;
  if (label) label.htmlFor = input.id;

  const words = () => area.value.split("\n").map((word) => word.trim()).filter(Boolean);
  const keep = (now, news) => {
    area.value = now.join("\n");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    said.textContent = news;
    draw();
  };
  const remove = (at) => {
    const now = words();
    const [word] = now.splice(at, 1);
    keep(now, `${word} taken away`);
    input.focus();
  };
  const add = () => {
    const word = input.value.trim().replace(/\s+/g, " ");
    input.value = "";
    if (!word) return;
    const now = words();
    if (now.some((known) => known.toLowerCase() === word.toLowerCase())) said.textContent = `${word} is there already`;
    else keep([...now, word], `${word} added`);
  };
  const draw = () => {
    list.replaceChildren(...words().map((word, at) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "filter-chip";
      button.setAttribute("aria-label", `Take away ${word}`);
      button.append(word, icon("x"));
      button.addEventListener("click", () => remove(at));
      item.append(button);
      return item;
    }));
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (input.value.trim() || words().length === 0)) {
      if (!input.value.trim()) return;
      event.preventDefault();
      add();
    }
    if (event.key === "Backspace" && !input.value && words().length) remove(words().length - 1);
  });
  input.addEventListener("blur", add);
  input.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text") ?? "";
    if (!/[\n;]/.test(pasted)) return;
    event.preventDefault();
    for (const word of pasted.split(/[\n;]/)) {
      input.value = word;
      add();
    }
  });
  area.form?.addEventListener("submit", add);
  draw();
}

eachNow("textarea[data-chips]", chips);
