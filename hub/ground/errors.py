"""What a use case may refuse with. `hub/web/errors.py` alone maps these to HTTP, `hub/cli.py` to exit codes."""


class HubError(Exception):
    """Base of the six families; its text is a sentence for the person who asked."""


class NotFound(HubError):
    """It is not there, or not for this person: nobody can tell which."""


class NotPermitted(HubError):
    """The person may see it, but may not do this to it."""


class Conflict(HubError):
    """Someone else was first, or the name is taken."""


class Invalid(HubError):
    """The input cannot be used; `field` names the form field, if one is to blame."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TooMany(HubError):
    """More of it within a short time than one person may ask for; `seconds` says when to go on."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class Unavailable(HubError):
    """A part that the hub leans on is down, slow or full; trying again later may help."""


class NoRoom(Unavailable):
    """A disk is full: reading goes on, and what was sent was not kept."""
