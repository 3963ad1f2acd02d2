"""What sponsors do for the guests for whom they answer: renew, wake, end."""
