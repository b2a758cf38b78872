"""Actions that give datasets out in the formats of standards."""
