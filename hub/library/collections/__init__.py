"""Lists of assets that a person or a team keeps."""
