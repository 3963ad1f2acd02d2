"""What people do with the hub: a folder for each, strangers to one another. `hub/wiring.py` lists them."""
