"""Tests of the records that users write, on real SQLite files."""
