"""People, teams, roles, and who is asking."""
