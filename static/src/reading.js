// Pages for reading on: the map of the library.
import "./reading/map.js";
