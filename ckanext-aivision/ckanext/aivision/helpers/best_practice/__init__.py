"""Template helpers of the pages below /best-practice, by page."""
