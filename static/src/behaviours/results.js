// Arrow keys go from result to result, once one of them has the focus; Tab goes as everywhere.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const link = event.target.closest?.(".result-title a");
  if (!step || !link || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const all = [...document.querySelectorAll(".result-title a")];
  const next = all[all.indexOf(link) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
