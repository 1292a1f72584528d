"""Every page through app.py."""
