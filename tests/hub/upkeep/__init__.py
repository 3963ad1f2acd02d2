"""Looking after a hub: doctor, backup, restore, figures, and what a killed process may lose (nothing)."""
