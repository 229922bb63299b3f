// Rows of a form marked data-selection: one by one, a stretch with Shift, the page, or all that match its filter.
// Keys: up and down go from row to row, with Shift they choose on the way; Ctrl+A takes the page, Escape lets go. Enter goes
// from a row to what can be done, past all the rows below it; Escape leads back.
const form = document.querySelector("form[data-selection]");

if (form) {
  const boxes = [...form.querySelectorAll('input[name="asset"]')];
  const page = form.querySelector("[data-selection-page]");
  const every = form.querySelector("[data-selection-every]");
  const all = form.querySelector("[data-selection-all]");
  const count = form.querySelector("[data-selection-count]");
  const bar = form.querySelector(".selection-bar");
  const total = Number(form.dataset.total);
  let anchor = null;

  const ticked = () => boxes.filter((box) => box.checked);

  function show() {
    const chosen = ticked().length;
    if (chosen < boxes.length) all.value = "";
    const whole = all.value === "yes";
    page.checked = chosen === boxes.length;
    page.indeterminate = chosen > 0 && chosen < boxes.length;
    count.textContent = whole ? `All ${total.toLocaleString("en")} chosen` : `${chosen} chosen`;
    if (every) every.hidden = whole || chosen < boxes.length;
    for (const button of form.querySelectorAll("[data-selection-some]")) button.hidden = whole;
    for (const box of boxes) box.closest("tr").classList.toggle("is-chosen", box.checked);
  }

  function tick(from, to, checked) {
    const [first, last] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
    for (const box of boxes.slice(first, last + 1)) box.checked = checked;
  }

  function choose(checked) {
    for (const box of boxes) box.checked = checked;
    all.value = "";
    show();
  }

  form.addEventListener("click", (event) => {
    const box = event.target.closest('input[name="asset"]');
    if (!box) return;
    if (event.shiftKey && anchor) tick(anchor, box, box.checked);
    anchor = box;
    show();
  });

  page.addEventListener("change", () => choose(page.checked));
  every?.addEventListener("click", () => {
    all.value = "yes";
    show();
    form.querySelector(".selection-bar .btn-primary")?.focus();
  });
  form.querySelector("[data-selection-none]").addEventListener("click", () => {
    choose(false);
    page.focus();
  });

  form.addEventListener("keydown", (event) => {
    const box = event.target.closest('input[type="checkbox"]');
    if (!box) return;
    if (event.key === "Escape") return choose(false);
    if (event.key === "Enter") {
      event.preventDefault(); // by itself it would press the first button of the form
      if (ticked().length) bar.querySelector(".actions .btn:not([hidden], [data-selection-none])").focus();
      return;
    }
    if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return choose(true);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const next = boxes[boxes.indexOf(box) + step];
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey && box.name === "asset") tick(box, next, true);
    anchor = next;
    next.focus();
    show();
  });

  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") (ticked().at(-1) ?? page).focus();
  });

  addEventListener("pageshow", show); // the browser may have kept the ticks of a visit before
  show();
}
