"""Access: where the hub meets acl."""
