"""Decisions of group work: how a session moves, who votes with how much, what an agreement needs."""
