"""What people put elsewhere about a dataset: a citation, a card, a badge."""
