"""Questions about marketplaces and posters."""
