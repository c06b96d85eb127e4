"""The pages on which organisers write the story of an event."""
