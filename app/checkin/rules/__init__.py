"""What the check-in log means, and what follows from it."""
