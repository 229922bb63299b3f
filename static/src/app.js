// What every page has. One behaviour a module; each adds to a page that works without it.
import "./behaviours/htmx.js";
import "./behaviours/usage.js";
import "./behaviours/opened.js";
import "./behaviours/search-focus.js";
import "./behaviours/suggest.js";
import "./behaviours/palette.js";
import "./behaviours/copy.js";
import "./behaviours/menus.js";
import "./behaviours/dialogs.js";
import "./behaviours/facets.js";
import "./behaviours/toasts.js";
import "./behaviours/times.js";
import "./behaviours/autosubmit.js";
import "./behaviours/guard.js";
import "./behaviours/collect.js";
import "./behaviours/take.js";
import "./behaviours/back.js";
