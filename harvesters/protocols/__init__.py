"""A folder for each protocol. They are found by `harvesters.sources.kind_registry`; no list names them."""
