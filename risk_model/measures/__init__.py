"""The measures: an entry in measures.toml and one .sql file each."""
