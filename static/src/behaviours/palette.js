// Ctrl-K (or Command-K) opens the palette from any page: find, go or add by typing. Escape closes it.
const palette = document.querySelector("#palette");
const form = palette?.querySelector("form");

function show() {
  form.reset();
  palette.showModal();
  form.querySelector("input").focus();
  form.dispatchEvent(new CustomEvent("hub:ask"));
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (event.defaultPrevented) return; // an editor has its own use for it
    event.preventDefault();
    if (palette.open) palette.close();
    else if (!document.querySelector("dialog[open]")) show();
  });
  // A search box empties itself first, and would take two.
  palette.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    palette.close();
  });
  palette.addEventListener("click", (event) => event.target === palette && palette.close()); // beside it
}
