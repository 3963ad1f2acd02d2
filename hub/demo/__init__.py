"""The demo world: real councils' names, invented people and documents, and one OIDC issuer for each organisation."""
