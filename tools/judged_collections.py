"""Turn research collections into what `hub search evaluate` takes: `python tools/judged_collections.py SOURCE TARGET`.

SOURCE holds the files of Cranfield (`cran.all.1400.xml`, `cran.qry.xml`, `cranqrel.trec.txt`) or of CISI (`CISI.ALL`,
`CISI.QRY`, `CISI.REL`) as they are passed around; TARGET is a folder to be made. They stay outside the project. `demo`
as SOURCE stands for the questions of `bench/council`, asked of the demo's documents.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Documents = dict[str, tuple[str, str]]


def main(arguments: list[str]) -> int:
    """Write the three files; 1 where SOURCE is neither."""
    if len(arguments) != 2:  # noqa: PLR2004
        print(__doc__, file=sys.stderr)
        return 2
    source, target = map(Path, arguments)
    if arguments[0] == "demo":
        documents, questions, answers = council()
    elif (source / "cran.all.1400.xml").exists():
        documents, questions, answers = cranfield(source)
    elif (source / "CISI.ALL").exists():
        documents, questions, answers = cisi(source)
    else:
        print(f"{source} holds neither Cranfield nor CISI: {__doc__.splitlines()[2]}", file=sys.stderr)
        return 1
    target.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"id": own, "title": title, "text": text}) for own, (title, text) in documents.items()]
    (target / "documents.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (target / "queries.tsv").write_text("".join(f"{own}\t{text}\n" for own, text in questions.items()), "utf-8")
    kept = dict.fromkeys((q, d) for q, d in answers if q in questions and d in documents)
    (target / "qrels.txt").write_text("".join(f"{q} 0 {d} 1\n" for q, d in kept), "utf-8")
    return 0


def cranfield(source: Path) -> tuple[Documents, dict[str, str], list[tuple[str, str]]]:
    """Documents, questions and answers. Judgements count the questions as they stand, whatever their numbers."""
    documents = {}
    for whole in re.findall(r"<doc>((?s:.)*?)</doc>", _text(source / "cran.all.1400.xml")):
        documents[_tag(whole, "docno")] = _tag(whole, "title"), _tag(whole, "text")
    titles = re.findall(r"<title>((?s:.)*?)</title>", _text(source / "cran.qry.xml"))
    questions = {str(number): " ".join(text.split()) for number, text in enumerate(titles, 1)}
    rows = [line.split() for line in _text(source / "cranqrel.trec.txt").splitlines() if line.strip()]
    return documents, questions, [(row[0], row[2]) for row in rows if int(row[3]) > 0]


def council() -> tuple[Documents, dict[str, str], list[tuple[str, str]]]:
    """The demo's documents, by the names of their files, and the questions that were judged over them."""
    documents = {}
    for path in sorted((ROOT / "hub" / "demo" / "content").rglob("*.md")):
        head, _, text = _text(path).removeprefix("---\n").partition("\n---\n")
        title = re.search(r"^title: (.+)$", head, re.MULTILINE)
        if title:
            documents[path.stem] = title[1], text
    folder = ROOT / "bench" / "council"
    rows = [line.split("\t", 1) for line in _text(folder / "queries.tsv").splitlines()]
    answers = [line.split() for line in _text(folder / "qrels.txt").splitlines()]
    return documents, {row[0]: row[1] for row in rows}, [(row[0], row[2]) for row in answers]


def cisi(source: Path) -> tuple[Documents, dict[str, str], list[tuple[str, str]]]:
    """Documents, questions and answers."""
    documents = {own: (parts.get("T", ""), parts.get("W", "")) for own, parts in _blocks(source / "CISI.ALL")}
    questions = {own: parts.get("W", "") for own, parts in _blocks(source / "CISI.QRY")}
    rows = [line.split() for line in _text(source / "CISI.REL").splitlines() if line.strip()]
    return documents, questions, [(row[0], row[1]) for row in rows]


def _blocks(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Each record of a SMART file: its number, and its fields on one line each."""
    for block in re.split(r"^\.I ", _text(path), flags=re.MULTILINE)[1:]:
        number, _, rest = block.partition("\n")
        parts = re.split(r"^\.([A-Z])\s*$", rest, flags=re.MULTILINE)[1:]
        yield number.strip(), {name: " ".join(text.split()) for name, text in zip(parts[::2], parts[1::2], strict=True)}


def _tag(block: str, name: str) -> str:
    found = re.search(rf"<{name}>((?s:.)*?)</{name}>", block)
    return " ".join(found[1].split()) if found else ""


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
