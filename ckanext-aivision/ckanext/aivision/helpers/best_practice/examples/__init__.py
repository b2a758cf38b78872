"""Template helpers of the examples to copy."""
