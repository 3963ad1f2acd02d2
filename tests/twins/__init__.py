"""Two hubs that differ in one hidden thing, and everything that those who may not know of it are answered."""
