// The page on which captions are edited: a list of lines in place of the plain text, which stays the truth that is sent.
import { eachNow } from "./page.js";
import { CueEditor } from "./captions/editor.js";

eachNow("[data-cue-editor]", (form) => new CueEditor(form));
