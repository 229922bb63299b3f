"""Adoption: how many people use the hub, by team and week; who stays away; how soon people begin."""
