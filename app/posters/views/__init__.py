"""Pages about posters."""
