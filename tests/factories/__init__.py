"""Factories read as articles and fill in only what a test does not care about."""
