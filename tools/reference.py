"""Write docs/reference from the code: `python tools/reference.py`. A test fails when it is stale."""

import ast
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.settings import Settings  # noqa: E402  # only now is it on the path
from hub.cli import hub  # noqa: E402
from hub.features.conduct.privacy.records import RECORDS  # noqa: E402

WRITTEN = "<!-- Written by tools/reference.py: change the code, then run it. -->\n\n"


def settings() -> str:
    """The page of settings."""
    lines = [WRITTEN, "# Settings\n\n", "| variable | by default | what it does |\n|---|---|---|\n"]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "off" if default is False else "on" if default is True else f"`{default}`" if default else "–"
        lines.append(f"| `HUB_{name.upper()}` | {shown} | {(field.description or '').replace(chr(10), ' ')} |\n")
    return "".join(lines)


def commands() -> str:
    """The page of commands."""
    lines = [WRITTEN, "# Commands\n"]
    for path, command in sorted(_walk(hub, "hub")):
        context = click.Context(command, info_name=path, terminal_width=80, help_option_names=["-h", "--help"])
        lines.append(f"\n## {path}\n\n```\n{command.get_help(context)}\n```\n")
    return "".join(lines)


def floors() -> str:
    """The page of floors: what stands on what, as the contracts of setup.cfg have it."""
    lines = [
        WRITTEN,
        "# Floors\n\nWhat stands on what: each line imports only from lines below it, and those that share a line\n",
    ]
    lines.append("are strangers. `make lint` holds the code to it.\n")
    for container, layers in _contracts():
        lines.append(f"\n## {container.replace('.', '/')}\n\n| floor | what it is |\n|---|---|\n")
        for layer in layers:
            names = [name.strip() for name in layer.split("|")]
            told = "<br>".join(_said(container, name) for name in names)
            lines.append(f"| {'<br>'.join(f'`{name}`' for name in names)} | {told} |\n")
    return "".join(lines)


def personal_data() -> str:
    """The page of what is kept about people, with the tables in which it is."""
    lines = [WRITTEN, "# Personal data\n\nWhat the hub keeps about people, as its privacy notice says it, and where.\n"]
    lines.append("\n| what | what for | who sees it | how long | tables |\n|---|---|---|---|---|\n")
    for each in RECORDS:
        tables = ", ".join(f"`{table}`" for table in each.tables)
        lines.append(f"| {each.what} | {each.why} | {each.seen} | {each.kept} | {tables} |\n")
    return "".join(lines)


def _contracts() -> Iterator[tuple[str, list[str]]]:
    """Each container that lists all that is in it, with its layers from the top."""
    read = ConfigParser(interpolation=None)
    read.read(ROOT / "setup.cfg", "utf-8")
    for section in read.sections():
        if read.getboolean(section, "exhaustive", fallback=False):
            yield read[section]["containers"].strip(), read[section]["layers"].strip().splitlines()


def _said(container: str, name: str) -> str:
    """The first sentence of what a module or package says of itself."""
    path = ROOT.joinpath(*container.split("."), name)
    text = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")
    said = (ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0].replace("\n", " ")
    return said.replace("|", "\\|")


def _walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command, info_name=path, help_option_names=["-h", "--help"])
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is not None and not found.hidden:
            yield from _walk(found, f"{path} {name}")


PAGES = {"settings.md": settings, "commands.md": commands, "floors.md": floors, "personal-data.md": personal_data}


def main() -> None:
    """Write every page, into docs/reference or the folder that is given."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in PAGES.items():
        (folder / name).write_text(made(), "utf-8")


if __name__ == "__main__":
    main()
