"""Who may see and do what: policy files read strictly, compiled once, decided everywhere alike."""
