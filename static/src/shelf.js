// The page of the shelf, where rows are chosen, and the one where what was chosen is changed.
import "./shelf/selection.js";
import "./shelf/preview.js";
