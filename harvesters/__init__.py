"""Read sources. Each protocol yields `record.Harvested` and knows nothing of CKAN or scores."""
