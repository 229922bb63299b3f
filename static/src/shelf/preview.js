// Between a change in the form and the look at what it does, the button would do what was looked at before: it waits.
const form = document.getElementById("bulk-form");
const hold = (held) => document.querySelectorAll("#preview button").forEach((button) => (button.disabled = held));

form?.addEventListener("input", ({ target }) => target.form === form && hold(true));
form?.addEventListener("htmx:sendError", () => hold(false));
form?.addEventListener("htmx:responseError", () => hold(false));
