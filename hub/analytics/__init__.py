"""The read side: which assets are used, by whom, and which by nobody."""
