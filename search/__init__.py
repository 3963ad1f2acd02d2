"""One search port, two engines; a request cannot be built without a Visibility."""
