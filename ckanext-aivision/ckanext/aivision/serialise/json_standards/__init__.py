"""The record in the JSON of other standards: DCAT-US 1.1 and 3.0, the UK Metadata Exchange Model. Pure."""
