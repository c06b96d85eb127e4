"""Pages that show a whole programme, team or event."""
