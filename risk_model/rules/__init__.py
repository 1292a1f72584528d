"""The rules: TOML files, one per statement, and a strict reader. No number that matters is in Python."""
