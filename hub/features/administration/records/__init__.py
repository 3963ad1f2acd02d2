"""An organisation's records of what was said: finding and exporting them, how long they are kept, what is taken out."""
