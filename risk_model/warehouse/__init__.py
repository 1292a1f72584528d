"""The ground: the only importer of duckdb. Releases as Parquet, builds as read-only databases, queries."""
