"""Walking through the hub: organisations, spaces, folders, people."""
