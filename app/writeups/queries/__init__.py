"""Questions about write-ups."""
