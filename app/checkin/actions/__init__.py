"""The verbs of check-in; none of them commits."""
