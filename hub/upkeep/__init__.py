"""Looking after a whole hub: is it well, backups and restores, and figures for a monitoring system."""
