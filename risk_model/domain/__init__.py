"""The cellar: the product's words as types. Pure: imports nothing of the house."""
