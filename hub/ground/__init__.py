"""What everything stands on, and what knows of nothing above."""
