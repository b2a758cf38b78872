"""Records as tables in Parquet, written by DuckDB."""
