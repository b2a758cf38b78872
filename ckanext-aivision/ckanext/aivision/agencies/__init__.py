"""Agencies: which public body a dataset belongs to, its level of government, and one name for each publisher."""
