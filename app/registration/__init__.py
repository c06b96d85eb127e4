"""Registration: a person's place at an event, the invitation, the pass, and what they need."""
