"""What is decided about write-ups: values in, values out."""
