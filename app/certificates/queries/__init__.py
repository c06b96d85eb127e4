"""Questions about completion, the register, and certificates on their way."""
