"""The verbs of registration, a file for each subject; none of them commits."""
