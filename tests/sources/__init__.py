"""The importer: what it takes, what it refuses, and in which words."""
