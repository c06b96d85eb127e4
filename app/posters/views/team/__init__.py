"""Pages of posters for teams, which come by their own link; a file for each subject."""
