"""How people treat one another here: the terms that they accept, reports of posts, and what is kept about them."""
