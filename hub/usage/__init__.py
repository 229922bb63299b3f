"""Usage events: what people did with assets, append-only."""
