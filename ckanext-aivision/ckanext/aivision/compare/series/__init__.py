"""Series over time: the points of countries and agencies, how they are stored, and where a sample changed."""
