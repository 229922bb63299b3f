// Suggestions below a search box: a combobox after the ARIA pattern. The server sends the options as links.
const pause = 120; // ms after the last key

function start(form) {
  const input = form.querySelector("[role=combobox]");
  const list = form.querySelector("[role=listbox]");
  const typed = { timer: 0, request: undefined, text: input.value.trim() };
  const least = Number(form.dataset.suggestLeast ?? 2);
  const dialog = form.closest("dialog");
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  function open(shown) {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) choose(-1);
  }

  function choose(index) {
    const all = options();
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0 || !all[index]) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[index].id);
    all[index].scrollIntoView({ block: "nearest" });
  }

  async function ask(text) {
    typed.request?.abort();
    typed.request = new AbortController();
    try {
      const address = `${form.dataset.suggest}?q=${encodeURIComponent(text)}`;
      const response = await fetch(address, { signal: typed.request.signal, credentials: "same-origin" });
      const answer = response.ok && !response.redirected ? await response.text() : "";
      const before = options()[chosen()]?.href;
      list.innerHTML = answer;
      // Ids are unique per box, so that two boxes on a page do not share them.
      options().forEach((option, at) => (option.id = `${list.id}-${at}`));
      open(options().length > 0 && document.activeElement === input);
      if (!list.hidden) choose(options().findIndex((option) => option.href === before)); // chosen before the answer came
    } catch (error) {
      if (error.name !== "AbortError") open(false);
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(typed.timer);
    const text = input.value.trim();
    if (text === typed.text) return;
    typed.text = text;
    choose(-1); // of an answer to other words
    if (text.length < least) {
      typed.request?.abort();
      return open(false);
    }
    typed.timer = setTimeout(() => ask(text), pause);
  });

  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = chosen();
    if (event.key === "Escape" && !list.hidden && !dialog) {
      event.preventDefault();
      open(false);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      if (list.hidden) open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: -1 is the box itself.
      const places = all.length + 1;
      choose(((at + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      all[at].click();
    }
  });

  form.addEventListener("hub:ask", () => {
    clearTimeout(typed.timer);
    typed.text = "";
    ask("");
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) open(false);
  });
  // Keeps the focus in the box, so that focusout does not close the list before the click arrives.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  form.addEventListener("submit", () => {
    clearTimeout(typed.timer);
    typed.request?.abort();
  });
}

document.querySelectorAll("form[data-suggest]").forEach(start);
