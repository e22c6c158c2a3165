"""What was read into a checked, published star schema."""
