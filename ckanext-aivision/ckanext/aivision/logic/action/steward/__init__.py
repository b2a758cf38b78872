"""Actions for the people who look after datasets."""
