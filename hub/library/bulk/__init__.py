"""Many assets changed at once: chosen on the shelf, seen before it is done, done in batches, undone."""
