"""Room 1: one module a protocol. Every one yields `record.Harvested`; none knows CKAN or a score."""
