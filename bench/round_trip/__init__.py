"""The whole corpus given out in every format and harvested again: what is the same, what is lost, what is invented."""
