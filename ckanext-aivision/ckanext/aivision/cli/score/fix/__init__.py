"""`aivision score --fix`: rewrite values in the terms of a standard and leave everything else unchanged."""
