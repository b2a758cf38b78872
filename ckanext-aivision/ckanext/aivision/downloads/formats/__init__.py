"""One module for each format of a figure: a function of `downloads.work_out.Taken` that gives bytes."""
