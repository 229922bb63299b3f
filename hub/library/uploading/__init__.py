"""What surrounds an upload: how much one may send, which file it is, what is left behind when it is cut off."""
