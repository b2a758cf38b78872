"""Profile the files of datasets: their columns and contents. Values are counted, never stored."""
