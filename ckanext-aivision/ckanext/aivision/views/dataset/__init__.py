"""Pages of one dataset beside CKAN's own: its evaluation and files, a message to its contact, an objection."""
