"""Programmes: a dated effort with aims, its teams and their members, coaches, and who may do what."""
