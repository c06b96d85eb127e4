"""Decisions about questionnaires: values in, values out."""
