"""Certificate authorities that an installation trusts beside the public ones."""

import ssl
from pathlib import Path


def check_certificates(path: Path) -> Path:
    """The path again if certificates in PEM can be read there; raises ValueError with what to do."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (OSError, ssl.SSLError) as error:
        raise ValueError(
            f"HUB_ISSUER_CA is {str(path)!r}, and no certificates can be read there: name a file that holds them in PEM"
        ) from error
    return path
