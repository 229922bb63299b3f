// Escape leaves reading mode for the page of the asset, where the focus is on what led here.
document.addEventListener("keydown", (event) => {
  const leave = document.querySelector("a[data-leave]");
  if (!leave || event.key !== "Escape" || event.defaultPrevented || document.fullscreenElement || document.querySelector("dialog[open]")) return;
  location.replace(leave.href);
});
