"""Pages of registration for organisers, a file for each subject."""
