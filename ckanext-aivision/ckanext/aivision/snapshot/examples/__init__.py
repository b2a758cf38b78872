"""The examples to copy: their file in a snapshot, written and read."""
