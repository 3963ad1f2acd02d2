"""`hub worker`, as a process of the stable's."""

from hub.cli import run


def main() -> int:
    """Until somebody pulls the plug."""
    return run(["worker"])
