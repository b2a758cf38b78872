"""The files of the data: what columns they have and what is in them. Values are counted, never kept."""
