"""The pages of the comparison and the snapshot behind them, at the corpus' size and at that of a national portal."""
