"""Reads what the demo's people say from `content/<council>/talk/*.txt`, which hold plain lines and marked ones.

The first line names the space: `place: york/housing`. Below it each conversation begins with `=== question: Title`, or
`=== question in repairs: Title` in a folder of the space; `discussion` stands for the other sort, and
`=== comments: void-standard` for what is said about a document, by its key. In it:

- `--- york/george-tindall 23 10:12` begins a post: who, how many working days before the demo is made, and at what
  time. Behind a `|` may follow `answers 1`, `accepted`, and `thanks` with the handles of those who thanked.
- `+++ 21 11:05` begins a later text of the same post.
- `~~~ 20 15:30 york/george-tindall The reason` says that the post above was withdrawn, and by whom.
- `??? 1 16:20 york/george-tindall personal The words` says that the post above was reported, by whom and why.
- `!!! pinned 20 15:30 york/george-tindall` and `!!! closed …` are of the whole conversation.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from importlib import resources
from typing import Final

from hub.demo.talks import COMMENTS, Ago, DemoAct, DemoPost, DemoReport, DemoTalk
from hub.nouns.threads.sorts import SORTS

_HEAD: Final = re.compile(r"(\w+)(?: in ([a-z0-9/-]+))?: (.+)")
_WHEN: Final = re.compile(r"(\d+) (\d\d):(\d\d)")
_MARKS: Final = ("=== ", "--- ", "+++ ", "~~~ ", "??? ", "!!! ")
_Parts = list[tuple[str, str, str]]
"""The mark of each part, what stands on its line, and what stands below."""


class TalkError(ValueError):
    """A file of talk that does not read; the message begins with the file's name."""


def read_talks() -> tuple[DemoTalk, ...]:
    """Every conversation under `content/`, in the order of files and lines."""
    root = resources.files("hub.demo").joinpath("content")
    folders = (council.joinpath("talk") for council in sorted(root.iterdir(), key=lambda folder: folder.name))
    files = (file for folder in folders if folder.is_dir() for file in sorted(folder.iterdir(), key=lambda f: f.name))
    return tuple(talk for file in files for talk in parse_talks(file.name, file.read_text("utf-8")))


def parse_talks(name: str, text: str) -> Iterator[DemoTalk]:
    """The conversations of one file. Raises TalkError."""
    first, _, rest = text.partition("\n")
    if not first.startswith("place: "):
        raise TalkError(f"{name}: the first line must name the place")
    place, parts = first.removeprefix("place: ").strip(), _parts(rest)
    starts = [at for at, (mark, _, _) in enumerate(parts) if mark == "=== "]
    if parts and starts[:1] != [0]:
        raise TalkError(f"{name}: something stands before the first conversation")
    for start, end in zip(starts, [*starts[1:], len(parts)], strict=True):
        try:
            yield _talk(place, parts[start][1], parts[start + 1 : end])
        except (ValueError, LookupError) as error:
            raise TalkError(f"{name}: {parts[start][1]}: {error}") from error


def _parts(text: str) -> _Parts:
    parts: list[tuple[str, str, list[str]]] = []
    for line in text.splitlines():
        if line[:4] in _MARKS:
            parts.append((line[:4], line[4:].strip(), []))
        elif parts:
            parts[-1][2].append(line)
        elif line.strip():
            parts.append(("", line, []))
    return [(mark, line, "\n".join(below).strip()) for mark, line, below in parts]


def _talk(place: str, head: str, parts: _Parts) -> DemoTalk:
    found = _HEAD.fullmatch(head)
    if not found or found[1] not in {*SORTS, COMMENTS}:
        raise ValueError("begins with question, discussion or comments")
    posts: list[DemoPost] = []
    acts: dict[str, DemoAct] = {}
    for mark, line, body in parts:
        if mark == "--- ":
            posts.append(_post(line, body))
        elif not posts:
            raise ValueError("nothing is said before something is done to it")
        elif mark == "+++ ":
            posts[-1] = replace(posts[-1], edits=(*posts[-1].edits, (_ago(line), body)))
        elif mark == "~~~ ":
            posts[-1] = replace(posts[-1], withdrawn=_act(line))
        elif mark == "??? ":
            posts[-1] = replace(posts[-1], reported=_report(line))
        else:
            word, _, rest = line.partition(" ")
            if word not in {"pinned", "closed"}:
                raise ValueError(f"cannot use {word!r}")
            acts[word] = _act(rest)
    if not posts or any(not post.body for post in posts):
        raise ValueError("nothing is said, or a post is empty")
    below = f"/{found[2]}" if found[2] else ""
    return DemoTalk(found[1], place + below, found[3], tuple(posts), **acts)


def _post(line: str, body: str) -> DemoPost:
    head, *others = [part.strip() for part in line.split("|")]
    by, _, when = head.partition(" ")
    post = DemoPost(by, _ago(when), body)
    for other in others:
        word, _, rest = other.partition(" ")
        if word == "answers":
            post = replace(post, answers=int(rest))
        elif word == "accepted":
            post = replace(post, accepted=True)
        elif word == "thanks" and rest:
            post = replace(post, thanks=tuple(rest.split()))
        else:
            raise ValueError(f"cannot use {other!r}")
    return post


def _act(line: str) -> DemoAct:
    days, at, by, reason = [*line.split(maxsplit=3), ""][:4]
    return DemoAct(_ago(f"{days} {at}"), by, reason)


def _report(line: str) -> DemoReport:
    act = _act(line)
    why, _, words = act.reason.partition(" ")
    return DemoReport(act.ago, act.by, why, words)


def _ago(text: str) -> Ago:
    found = _WHEN.fullmatch(text)
    if not found:
        raise ValueError(f"no moment: {text!r}")
    return Ago(int(found[1]), time(int(found[2]), int(found[3])))
