"""Template helpers of the pages for data stewards."""
