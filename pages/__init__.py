"""Floor 5: read inputs, ask one service, draw."""
