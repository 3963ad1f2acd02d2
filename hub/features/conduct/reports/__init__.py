"""Reports of posts, and the list of those who see to them."""
