"""Floor 1: plain Python that every room may stand on."""
