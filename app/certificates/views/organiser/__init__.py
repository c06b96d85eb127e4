"""The pages on which a programme's team judges, issues, prints, sends and withdraws."""
