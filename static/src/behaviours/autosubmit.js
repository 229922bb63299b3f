// A form marked data-autosubmit is sent as soon as something in it is chosen: stars, "it helped", a sort order.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-autosubmit]");
  if (form) form.requestSubmit();
});
