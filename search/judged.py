"""A judged collection: documents, questions, and which documents answer which question; and how well a ranking does.

The figures are those of TREC's trec_eval, with gains of 0 and 1, as means over the questions that have an answer.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import fmean
from typing import Any, Final

DEPTH: Final = 100
"""Results of each question that are looked at."""
AT: Final = 10
_QREL_COLUMNS: Final = 4


class InvalidCollection(Exception):
    """A folder that is no judged collection; the sentence says what to mend."""


@dataclass(frozen=True)
class Collection:
    """Title and text by document, text by question, and the documents that answer each question."""

    documents: Mapping[str, tuple[str, str]]
    questions: Mapping[str, str]
    answers: Mapping[str, frozenset[str]]


def read_collection(folder: Path) -> Collection:
    """The collection in a folder: `documents.jsonl` (id, title, text), `queries.tsv` (id, text), `qrels.txt` (TREC's).

    Raises InvalidCollection with the file, the line and what is wrong there.
    """
    documents = dict(_documents(folder / "documents.jsonl"))
    questions = dict(_questions(folder / "queries.tsv"))
    answers: dict[str, set[str]] = {}
    for line, question, document in _judgements(folder / "qrels.txt"):
        if question not in questions:
            raise InvalidCollection(f"qrels.txt, line {line}: there is no question {question!r} in queries.tsv.")
        if document not in documents:
            raise InvalidCollection(f"qrels.txt, line {line}: there is no document {document!r} in documents.jsonl.")
        answers.setdefault(question, set()).add(document)
    if not answers:
        raise InvalidCollection("qrels.txt names no document that answers a question: there is nothing to measure.")
    return Collection(documents, questions, {key: frozenset(found) for key, found in answers.items()})


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, by number."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise InvalidCollection(
            f"There is no {path.name} in {path.parent}. A collection has documents.jsonl, queries.tsv and qrels.txt."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidCollection(f"{path.name} cannot be read as UTF-8: {error}.") from error
    yield from ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _documents(path: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            value: Any = json.loads(line)
        except ValueError as error:
            raise InvalidCollection(f"{path.name}, line {number}: this is not JSON ({error}).") from error
        fields = [value.get(name, "") for name in ("id", "title", "text")] if isinstance(value, dict) else []
        if not fields or not str(fields[0]).strip() or not all(isinstance(field, str) for field in fields[1:]):
            raise InvalidCollection(f"{path.name}, line {number}: a document needs an id, a title and a text.")
        own = str(fields[0]).strip()
        if own in seen:
            raise InvalidCollection(f"{path.name}, line {number}: there is a document {own!r} already.")
        seen.add(own)
        yield own, (fields[1], fields[2])


def _questions(path: Path) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, line in _lines(path):
        own, tab, text = line.rstrip("\r").partition("\t")
        if not tab or not own.strip() or not text.strip():
            raise InvalidCollection(f"{path.name}, line {number}: a question is an id, a tab and its text.")
        if own.strip() in seen:
            raise InvalidCollection(f"{path.name}, line {number}: there is a question {own.strip()!r} already.")
        seen.add(own.strip())
        yield own.strip(), text.strip()


def _judgements(path: Path) -> Iterator[tuple[int, str, str]]:
    """The lines of what answers: number, question, document."""
    for number, line in _lines(path):
        columns = line.split()
        if len(columns) != _QREL_COLUMNS:
            raise InvalidCollection(f"{path.name}, line {number}: it needs question, 0, document and 0 or 1.")
        question, _, document, gain = columns
        try:
            counts = int(gain) > 0
        except ValueError as error:
            raise InvalidCollection(f"{path.name}, line {number}: {gain!r} is not a whole number.") from error
        if counts:
            yield number, question, document


def figures(rankings: Mapping[str, Sequence[str]], answers: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """nDCG@10, MAP, P@10 and Recall@100 of the documents found for each question, best first."""
    each = [(rankings.get(question, ())[:DEPTH], right) for question, right in answers.items()]
    return {
        "ndcg10": fmean(_ndcg(found, right) for found, right in each),
        "map": fmean(_precision(found, right) for found, right in each),
        "p10": fmean(len(right.intersection(found[:AT])) / AT for found, right in each),
        "recall100": fmean(len(right.intersection(found)) / len(right) for found, right in each),
    }


def _ndcg(found: Sequence[str], right: frozenset[str]) -> float:
    """Järvelin and Kekäläinen, ACM Transactions on Information Systems 20 (2002), with the logarithm to base 2."""
    gained = sum(1 / log2(place + 1) for place, one in enumerate(found[:AT], 1) if one in right)
    return gained / sum(1 / log2(place + 1) for place in range(1, min(AT, len(right)) + 1))


def _precision(found: Sequence[str], right: frozenset[str]) -> float:
    """The mean of the precisions at each right document (to `DEPTH`); one that is not found counts 0."""
    places = [place for place, one in enumerate(found, 1) if one in right]
    return sum(number / place for number, place in enumerate(places, 1)) / len(right)
