"""Pages about programmes, teams and roles."""
