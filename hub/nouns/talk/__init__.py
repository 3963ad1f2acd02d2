"""What people say to one another about a thing: posts, kept with every earlier text and numbered without gaps."""
