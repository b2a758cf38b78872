"""What is in each figure: one module for each page, functions of `downloads.table.Asked`."""
