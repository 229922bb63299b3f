"""Care: what the hub does by the clock so that the library stays good, and the page of what needs a hand."""
