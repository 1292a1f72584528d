"""What keeps the product safe beside its own code: what it is pinned to, and what is known against that."""
