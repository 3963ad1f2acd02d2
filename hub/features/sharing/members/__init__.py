"""Who was given a place, by whom and until when."""
