"""Asking for access: an address is pasted, and reaches whoever manages what is there, if anything is."""
