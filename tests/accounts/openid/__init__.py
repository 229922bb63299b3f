"""Signing in by OpenID Connect, against a provider that runs."""
