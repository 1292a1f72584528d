"""What holds the house up."""
