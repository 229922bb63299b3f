"""Readers say that something is out of date, wrong or cannot be opened; its owner answers."""
