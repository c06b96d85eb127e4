"""The pages of registration, a file for each audience."""
