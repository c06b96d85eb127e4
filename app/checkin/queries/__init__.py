"""Questions about doors, places, presence and the log."""
