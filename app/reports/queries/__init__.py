"""Questions of the reports."""
