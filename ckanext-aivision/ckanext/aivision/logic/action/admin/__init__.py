"""Actions for those who run the catalogue."""
