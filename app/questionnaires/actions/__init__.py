"""The verbs of questionnaires; none of them commits."""
