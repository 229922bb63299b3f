"""The weekly mail to marketers: what of theirs is used most, what went stale, what was searched in vain."""
