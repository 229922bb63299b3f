"""The reading side: what is indexed, the search page, the asset page."""
