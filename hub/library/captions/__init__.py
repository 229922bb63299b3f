"""Captions of recordings: what is said, and when; uploaded, edited, kept in versions, found by search."""
