"""Where the hub meets acl: the tables that a decision reads, the snapshot, Visibility as SQL, the request's viewer."""
