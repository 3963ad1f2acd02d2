"""Guards: the application inspects itself, and each guard is shown a fault that it must catch."""
