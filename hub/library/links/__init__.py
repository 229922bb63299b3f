"""Links of the library: whether what they lead to is still there."""
