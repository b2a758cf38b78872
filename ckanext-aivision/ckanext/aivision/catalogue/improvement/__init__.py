"""What the datasets of an organization need, and fixes for many of them at once."""
