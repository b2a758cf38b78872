"""Actions that give out the catalogue as a whole."""
