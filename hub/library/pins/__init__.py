"""What marketing puts on the first page, for everyone or for a team."""
