"""Whether a difference holds if the method is changed."""
