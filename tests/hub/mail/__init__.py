"""Letters, and real mail servers at the other end."""
