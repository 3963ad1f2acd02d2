"""What the pages of signing in ask of a request: where it came from, and where it wants to go on to."""

from flask import Response, make_response, redirect, request

from federation.transaction import safe_return_path


def go(path: str) -> Response:
    """Lead on to a path of the hub, by GET."""
    return make_response(redirect(path, code=303))


def wanted_path(path: str | None) -> str:
    """The path that was first asked for, if it is one of ours; empty for home."""
    safe = safe_return_path(path)
    return "" if safe == "/" else safe


def caller_address() -> str:
    """The address that a request came from; of IPv6 the network, since a machine has a whole one to itself."""
    address = request.remote_addr or ""
    return ":".join(address.split(":")[:4]) if ":" in address and "." not in address else address
