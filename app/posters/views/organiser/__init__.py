"""Pages of posters for organisers, a file for each subject."""
