"""The web floor: how the house is put together, its entrances, error pages and commands."""
