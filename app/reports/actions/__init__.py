"""What reports make: the report for the commissioner, and somebody's own appraisal pack."""
