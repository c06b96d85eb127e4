"""What registration decides: reading an uploaded list, places, changes; values in, values out."""
