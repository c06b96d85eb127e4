"""Public pages of group work: for whoever holds a table's code, or a letter about an agreement."""
