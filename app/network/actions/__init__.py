"""What the network does."""
