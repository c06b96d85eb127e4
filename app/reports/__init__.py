"""Reports: pages that join what the rooms below know; they only read."""
