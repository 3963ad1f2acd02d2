"""What people sent twice, and what they had not sent yet."""
