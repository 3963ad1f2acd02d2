"""People: who can sign in, and what is shown of them."""
