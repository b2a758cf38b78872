"""Places: boxes, codes and names, in fields and in running text."""
