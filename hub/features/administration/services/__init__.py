"""The list of services that spaces can be about."""
