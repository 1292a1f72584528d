"""Drawing: one thing each."""
