"""What each standard that datasets are given out in can hold, and what of a dataset it cannot."""
