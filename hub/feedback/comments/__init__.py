"""What people say to each other about an asset, for everybody who sees it."""
