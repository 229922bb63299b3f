// "/" goes to the search box from anywhere one is not typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], dialog[open]")) return;
  const box = document.querySelector(".search-box-hero input") ?? document.querySelector("[data-search-focus]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
