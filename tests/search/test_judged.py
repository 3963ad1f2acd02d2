"""A judged collection is read whole or refused in words; its figures are those of trec_eval, computed by hand."""

from math import log2
from pathlib import Path

import pytest

from search.judged import InvalidCollection, figures, read_collection

FILES = {
    "documents.jsonl": '{"id": "a", "title": "Flood", "text": "Rain"}\n{"id": "b", "title": "", "text": "Tea"}\n',
    "queries.tsv": "1\tflood\n2\ttea\n",
    "qrels.txt": "1 0 a 1\n2 0 b 2\n2 0 a 0\n",
}


def write(folder: Path, **changed: str) -> Path:
    for name, text in (FILES | {key.replace("_", "."): text for key, text in changed.items()}).items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_an_operator_gives_a_folder_and_it_is_read(tmp_path: Path) -> None:
    found = read_collection(write(tmp_path))
    assert found.documents == {"a": ("Flood", "Rain"), "b": ("", "Tea")}
    assert found.questions == {"1": "flood", "2": "tea"}
    assert found.answers == {"1": {"a"}, "2": {"b"}}  # any gain above nought counts, and counts once


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"documents_jsonl": "{"}, "documents.jsonl, line 1: this is not JSON"),
        ({"documents_jsonl": '{"title": "x"}'}, "needs an id, a title and a text"),
        ({"documents_jsonl": '{"id": "a", "text": 4}'}, "needs an id, a title and a text"),
        ({"documents_jsonl": '{"id": "a"}\n\n{"id": "a"}'}, "line 3: there is a document 'a' already"),
        ({"queries_tsv": "1 flood"}, "queries.tsv, line 1: a question is an id, a tab and its text"),
        ({"queries_tsv": "1\tflood\n1\ttea"}, "line 2: there is a question '1' already"),
        ({"qrels_txt": "1 a 1"}, "qrels.txt, line 1: it needs question, 0, document and 0 or 1"),
        ({"qrels_txt": "1 0 a yes"}, "'yes' is not a whole number"),
        ({"qrels_txt": "3 0 a 1"}, "there is no question '3'"),
        ({"qrels_txt": "1 0 c 1"}, "there is no document 'c'"),
        ({"qrels_txt": "1 0 a 0"}, "nothing to measure"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, changed: dict[str, str], told: str) -> None:
    with pytest.raises(InvalidCollection) as refused:
        read_collection(write(tmp_path, **changed))
    assert told in str(refused.value)


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "queries.tsv").unlink()
    with pytest.raises(InvalidCollection, match=r"There is no queries\.tsv"):
        read_collection(tmp_path)
    (tmp_path / "queries.tsv").write_bytes(b"1\t\xff")
    with pytest.raises(InvalidCollection, match=r"queries\.tsv cannot be read as UTF-8"):
        read_collection(tmp_path)


def test_figures_are_those_of_trec_eval() -> None:
    answers = {"1": frozenset("ab"), "2": frozenset("c")}
    found = figures({"1": ["x", "a", "y", "b"], "2": []}, answers)
    gained = (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3))
    assert found["ndcg10"] == pytest.approx(gained / 2)
    assert found["map"] == pytest.approx((1 / 2 + 2 / 4) / 2 / 2)
    assert found["p10"] == pytest.approx(0.2 / 2)
    assert found["recall100"] == pytest.approx(1 / 2)
    best = {"ndcg10": 1, "map": 1, "p10": 0.15, "recall100": 1}
    assert figures({"1": ["a", "b"], "2": ["c"]}, answers) == pytest.approx(best)
