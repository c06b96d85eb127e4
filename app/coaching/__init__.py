"""Coaching: the visits that improvement coaches pay to their teams."""
