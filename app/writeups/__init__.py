"""The public story of an event: drafted from its own data, edited, published, and commented on."""
