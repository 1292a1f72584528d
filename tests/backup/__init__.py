"""Backups: made while people work, restored whole, refused where damaged."""
