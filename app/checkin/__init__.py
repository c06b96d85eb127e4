"""Check-in: who is here, as an append-only log at the door and in the room, and what follows from it."""
