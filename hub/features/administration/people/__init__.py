"""An organisation's people: found, added one by one or from a table, suspended."""
