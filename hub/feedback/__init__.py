"""What people say of assets: stars, and whether it helped."""
