"""The verbs of write-ups."""
