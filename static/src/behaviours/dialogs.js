// Dialogs that buttons open, and the question before a destructive act.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
  if (event.target.closest?.("[data-dialog-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && event.target.open) closeOutside(event);
});

function closeOutside(event) {
  const box = event.target.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside && event.clientX + event.clientY > 0) event.target.close();
}

function button(text, className, value) {
  const element = document.createElement("button");
  element.className = className;
  element.value = value;
  element.textContent = text;
  return element;
}

/** Asks; resolves to whether the answer was yes. */
export function ask({ title, text, yes, danger }) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog dialog-small";
  dialog.setAttribute("aria-labelledby", "confirm-title");
  const form = document.createElement("form");
  form.method = "dialog";
  const heading = document.createElement("h2");
  heading.id = "confirm-title";
  heading.textContent = title;
  const words = document.createElement("p");
  words.textContent = text;
  const actions = document.createElement("div");
  actions.className = "actions actions-end";
  actions.append(button("Cancel", "btn", ""), button(yes, danger ? "btn btn-danger" : "btn btn-primary", "yes"));
  form.append(heading, words, actions);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const { confirm: text, confirmTitle, confirmYes, confirmDanger } = form.dataset;
  if (!text || form.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  // What is chosen in the form is named in the question.
  const chosen = form.querySelector("[data-confirm-chosen] option:checked")?.textContent ?? "";
  const said = (words) => words.replaceAll("{chosen}", chosen);
  const answer = { title: said(confirmTitle ?? "Are you sure?"), text: said(text), yes: confirmYes ?? "Yes", danger: confirmDanger !== undefined };
  if (!(await ask(answer))) return;
  form.confirmed = true;
  form.requestSubmit(submitter);
}, { capture: true });
