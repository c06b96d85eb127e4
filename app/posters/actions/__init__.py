"""The verbs of posters; none of them commits."""
