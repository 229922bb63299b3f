"""Use of recordings and documents, told to a learning record store as xAPI statements."""
