"""Writing: what is typed is kept before it is saved, two people who write at once, and where a sound bite comes from."""
