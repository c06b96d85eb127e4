"""Floor 2: the only code that touches the world (database, mail, queue, files, drawing)."""
