"""Web addresses: what they point to, and what in them is secret."""
