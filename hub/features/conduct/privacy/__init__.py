"""What the hub keeps about people, told to them."""
