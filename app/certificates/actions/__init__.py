"""The verbs of certificates; none of them commits."""
