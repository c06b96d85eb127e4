"""The pages on which everybody reads the story of an event."""
