"""The pages of harvest sources, their runs and their previews."""
