"""Looking after an organisation in the browser."""
