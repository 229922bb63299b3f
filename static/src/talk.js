// What comments gain by script: colleagues while one types an @, and the present moment of a recording.
import { suggestPeople } from "./talk/people.js";
import { takeMoments } from "./talk/moment.js";
import { eachNow } from "./page.js";

eachNow("form[data-comment]", (form) => {
  suggestPeople(form);
  takeMoments(form);
});

// After one's own words arrived, they are shown.
eachNow("[data-said]", (section) => {
  document.getElementById(section.dataset.said)?.scrollIntoView({ block: "nearest" });
});
