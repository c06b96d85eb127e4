"""The pages of check-in, by audience."""
