"""The terms of an organisation, and how soon its reports are answered."""
