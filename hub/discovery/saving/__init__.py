"""Searches that somebody keeps, and is told of when something new fits them."""
