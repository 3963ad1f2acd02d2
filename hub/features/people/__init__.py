"""Finding people: a profile that each fills in for themselves, a finder that says why this person, and asking one."""
