// htmx with the hub's CSRF token, and words for what went wrong.
import htmx from "htmx.org/dist/htmx.esm.js";
import { csrfToken, toast } from "../page.js";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});

document.addEventListener("htmx:sendError", () => {
  toast("The hub cannot be reached. Check your connection and try again.", "bad");
});

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 401) return location.reload();
  toast(wordsOf(xhr) ?? "That did not work. Reload the page and try again.", "bad");
});

function wordsOf(xhr) {
  if (xhr.getResponseHeader("Content-Type")?.includes("json")) {
    const { message, remedy } = JSON.parse(xhr.responseText).error ?? {};
    return [message, remedy].filter(Boolean).join(" ") || undefined;
  }
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  return page.querySelector(".empty :is(h1, h2)")?.textContent;
}

// What a partial update found, said to those who cannot see it change.
document.addEventListener("htmx:afterSettle", (event) => {
  const count = event.detail.target.id === "results" && document.querySelector("#results h1, #results h2");
  const announcer = document.getElementById("announce");
  if (count && announcer) announcer.textContent = count.textContent;
});

// A file of the asset on this page has arrived: its list is fetched anew.
document.addEventListener("hub:uploaded", ({ detail }) => {
  if (detail.done && document.getElementById("files")) {
    htmx.ajax("GET", detail.done, { target: "#files", select: "#files", swap: "outerHTML" });
  }
});
