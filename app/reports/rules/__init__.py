"""Rules of the reports."""
