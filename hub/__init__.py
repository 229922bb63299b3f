"""Hub: a self-hosted content hub for sales enablement."""
