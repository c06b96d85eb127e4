"""Pages of the reports for staff."""
