"""Hooray runs improvement programmes and their events, from an invitation to a certificate."""
