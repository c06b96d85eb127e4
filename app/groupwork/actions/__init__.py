"""Verbs of group work, a file for each subject."""
