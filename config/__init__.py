"""Data (vocabulary, the Casbin model, default policies) and the one loader of settings."""
