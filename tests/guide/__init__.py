"""The five walks of the README's guide: done by a command for their pictures, and by tests for their truth."""
