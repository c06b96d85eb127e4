"""Pages of group work for organisers and facilitators, a file for each subject."""
