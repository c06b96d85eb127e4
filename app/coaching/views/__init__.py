"""Pages about coach visits."""
