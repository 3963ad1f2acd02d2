"""Nothing that a person wrote is lost, and what they sent twice is done once: below the nouns, used by all of them."""
