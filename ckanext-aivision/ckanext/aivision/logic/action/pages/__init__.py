"""Actions of CKAN that its pages call."""
