// "12 more" below a facet, kept open while the counts are refreshed.
const opened = new Set();

function show(button, all) {
  const group = button.closest(".facet");
  group.classList.toggle("is-open", all);
  button.setAttribute("aria-expanded", String(all));
  button.textContent = all ? button.dataset.fewer : button.dataset.more;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-facet-more]");
  if (!button) return;
  const { id } = button.closest(".facet");
  const all = !opened.has(id);
  if (all) opened.add(id);
  else opened.delete(id);
  show(button, all);
});

document.addEventListener("htmx:afterSettle", () => {
  for (const id of opened) {
    const button = document.getElementById(id)?.querySelector("[data-facet-more]");
    if (button) show(button, true);
  }
});
