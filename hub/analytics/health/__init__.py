"""Content health: what is stale, unused, late, ending, unowned, unrated, broken or there twice, and the change that mends it."""
