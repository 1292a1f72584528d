"""Tests mirror the house. A package, so that tests/pages is never taken for the product's own pages."""
