"""Signing in by OpenID Connect: what a provider says of a person, and whom of the hub that makes them."""
