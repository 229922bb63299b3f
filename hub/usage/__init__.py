"""Usage events: what people did with assets, append-only but for a rule that forgets old ones."""
