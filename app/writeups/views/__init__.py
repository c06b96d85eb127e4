"""The pages of write-ups."""
