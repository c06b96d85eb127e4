"""Public pages of posters, a file for each subject."""
