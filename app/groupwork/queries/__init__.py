"""Questions about group work, a file for each subject."""
