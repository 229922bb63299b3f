"""The figures of one asset: over time, by team, beside its like, how it is found, rated and watched, version by version."""
