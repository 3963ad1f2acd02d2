"""Who came by a link that was made for somebody else, or by another issuer than before."""
