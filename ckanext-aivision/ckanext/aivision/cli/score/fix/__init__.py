"""`aivision score --fix`: values that say what they say in the words of a standard, with everything else left alone."""
