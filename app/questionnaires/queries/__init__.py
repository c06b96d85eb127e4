"""Questions about questionnaires: what was answered, and what is published."""
