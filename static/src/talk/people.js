// Colleagues below the box while one types @ and a name. The server says who may be mentioned.
const pause = 120; // ms after the last key
const begun = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}][^\n@]{0,60})$/u;

export function suggestPeople(form) {
  const box = form.querySelector("textarea");
  const list = form.querySelector("[role=listbox]");
  if (!box || !list) return;
  const typed = { timer: 0, request: undefined, start: -1, moved: false };
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  function choose(index) {
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = options()[index];
    if (!option) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function close() {
    typed.request?.abort();
    clearTimeout(typed.timer);
    list.hidden = true;
    box.removeAttribute("aria-controls");
    choose(-1);
  }

  function take(option) {
    const after = box.value.slice(box.selectionStart);
    box.setRangeText(`${option.dataset.name}${/^\s/.test(after) ? "" : " "}`, typed.start, box.selectionStart, "end");
    close();
    box.focus();
  }

  async function ask(words) {
    typed.request?.abort();
    typed.request = new AbortController();
    try {
      const address = `${form.dataset.people}?q=${encodeURIComponent(words)}`;
      const response = await fetch(address, { signal: typed.request.signal, credentials: "same-origin" });
      if (!response.ok || response.redirected) return close();
      const answer = await response.text();
      const before = typed.moved ? options()[chosen()]?.dataset.name : undefined; // chosen before the answer came
      list.innerHTML = answer;
      options().forEach((option, at) => (option.id = `${list.id}-${at}`));
      if (!options().length || document.activeElement !== box) return close();
      list.hidden = false;
      box.setAttribute("aria-controls", list.id);
      choose(Math.max(0, options().findIndex((option) => option.dataset.name === before)));
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  box.addEventListener("input", () => {
    clearTimeout(typed.timer);
    const found = begun.exec(box.value.slice(0, box.selectionStart));
    if (!found) return close();
    typed.moved = false;
    typed.start = box.selectionStart - found[1].length;
    typed.timer = setTimeout(() => ask(found[1]), pause);
  });

  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = options();
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      typed.moved = true;
      choose((chosen() + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen() >= 0) {
      event.preventDefault();
      take(all[chosen()]);
    }
  });

  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the focus stays in the box
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  box.addEventListener("blur", close);
}
