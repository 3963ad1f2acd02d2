"""The `hub` command over a test's own parts, as a person at a terminal sees it."""

import contextlib
import io
import json
from dataclasses import dataclass
from typing import Any

from hub.access.parts import Parts
from hub.cli import run
from hub.running.command import Console


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """What `--json` printed."""
        return json.loads(self.out)


def hub(parts: Parts, *arguments: str) -> Ran:
    """Run `hub ARGUMENTS` over the parts."""
    console = Console(open_parts=lambda: contextlib.nullcontext(parts), settings=lambda: None)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(list(arguments), console)
    return Ran(code, out.getvalue(), err.getvalue())
