"""Running the hub: the demo library."""
