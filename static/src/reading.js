// Pages for reading on: the map of the library, reading mode.
import "./reading/map.js";
import "./reading/leave.js";
