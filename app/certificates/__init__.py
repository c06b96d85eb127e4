"""Certificates: what must be met, who has met it, what was issued, and how anyone can check it."""
