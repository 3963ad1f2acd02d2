"""A second person: who may agree to what somebody proposed, and where they do."""
