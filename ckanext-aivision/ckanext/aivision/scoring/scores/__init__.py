"""Scores and grades calculated from results, and what would change them."""
