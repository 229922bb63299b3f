// A button marked data-back leads to the page before, where the browser still has what was typed. Without script it stays hidden.
import { eachNow } from "../page.js";

eachNow("[data-back]", (button) => {
  button.hidden = history.length < 2;
  button.addEventListener("click", () => history.back());
});
