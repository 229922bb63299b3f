"""Content requests: what people miss in the library, who wants it too, and what became of it."""
