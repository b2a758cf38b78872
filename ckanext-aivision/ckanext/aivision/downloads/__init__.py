"""The figures of the pages below /best-practice as files: which there are, what is in them, how they are written."""
