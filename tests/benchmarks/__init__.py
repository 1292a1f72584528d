"""What the work costs beside its floor, in one run. Run by hand; never a test."""
