"""Making places and sharing them: spaces and folders, their members, and who will see what."""
