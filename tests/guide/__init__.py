"""The walk of the README's guide: done by a command for its pictures, and by a test for its truth."""
