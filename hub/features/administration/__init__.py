"""Looking after an organisation in the browser: its people, groups, sign-in and policy; and its first administrator."""
