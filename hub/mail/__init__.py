"""Mail that the hub sends: letters, written with the act that they tell of, sent by the worker."""
