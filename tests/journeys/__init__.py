"""Stories of people in a real browser, against a hub that runs as in life."""
