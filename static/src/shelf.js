// The page of the shelf: choosing rows by mouse and keyboard.
import "./shelf/selection.js";
