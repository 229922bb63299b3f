// Facets: "12 more" kept open while the counts are refreshed, and the search box kept in step.
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

// The drawer of a phone takes the focus along, and closes when the focus leaves it. A tap on the words of a box first gives
// the focus to what can have it around them: the page's main part, around the drawer. That is no leaving.
document.addEventListener("toggle", (event) => {
  if (event.target.id === "facets" && event.newState === "open") event.target.querySelector("button")?.focus();
}, { capture: true });
document.addEventListener("focusin", (event) => {
  const drawer = document.querySelector("#facets:popover-open");
  if (drawer && !drawer.contains(event.target) && !event.target.contains(drawer)) drawer.hidePopover();
});

// The search box in the header carries the filters along; it lies outside of what a change of filters refreshes.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const form = document.querySelector(".site-header form[data-suggest]");
  if (!form || !document.getElementById("facets-form")) return;
  form.querySelectorAll("input[type=hidden]").forEach((input) => input.remove());
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (name === "q" || name === "page") continue;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  }
});
