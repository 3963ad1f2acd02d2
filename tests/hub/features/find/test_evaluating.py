"""`hub search evaluate`: judged questions asked of the real index, beside BM25; and sixty of our own as a gate."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.features.find import evaluating
from hub.features.find.commands import search
from hub.features.find.evaluating import evaluate
from search.engine import Engine
from search.judged import Collection, read_collection
from tests import ROOT
from tests.hub.features.find.test_page import run
from tests.hub.world import World

GATE = 0.78
"""nDCG@10 of the sixty questions, a little below what it is: whoever lowers it looks at which questions lost."""


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    """The sixty questions over the demo's documents, as the tool makes them."""
    folder = tmp_path_factory.mktemp("council")
    tool = ROOT / "tools" / "judged_collections.py"
    subprocess.run([sys.executable, str(tool), "demo", str(folder)], check=True, cwd=ROOT)
    return read_collection(folder)


def small(folder: Path) -> Path:
    documents = [{"id": f"n{n}", "title": f"Note {n}", "text": f"The council met on day {n}."} for n in range(40)]
    documents += [
        {"id": "plan", "title": "Flood plan", "text": "Sandbags and pumps for the flood."},
        {"id": "tea", "title": "Tea", "text": "The council drinks tea. Once there was a flood of it."},
    ]
    (folder / "documents.jsonl").write_text("\n".join(map(json.dumps, documents)), "utf-8")
    long = " ".join(f"word{n}" for n in range(30))
    questions = ("flood sandbags", "who drinks tea?", f"{long} pumps pumps pumps", "the council met", "nobody")
    lines = [f"{number}\t{text}\n" for number, text in enumerate(questions, 1)]
    (folder / "queries.tsv").write_text("".join(lines), "utf-8")
    (folder / "qrels.txt").write_text("1 0 plan 1\n2 0 tea 1\n3 0 plan 1\n4 0 n0 1\n", "utf-8")
    return folder


def test_an_operator_measures_a_collection_and_the_hub_stays_as_it_is(small_world: World, tmp_path: Path) -> None:
    before = small_world.parts.engine.count()
    told = run(small_world, search, "evaluate", str(small(tmp_path)), "--json")
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert (found["documents"], found["questions"], found["shortened"]) == (42, 4, 1)
    for name in ("ndcg10", "map", "p10", "recall100"):
        assert 0 <= found[f"bm25_{name}"] <= 1
        assert 0 < found[name] <= 1
    assert found["recall100"] == 1
    assert found["twist_holds"] is True
    assert found["twist_readable"] < 42
    assert small_world.parts.engine.count() == before
    words = run(small_world, search, "evaluate", str(tmp_path))
    assert words.exit_code == 0
    assert "42 documents, 4 judged questions" in words.output
    assert "Plain BM25" in words.output
    assert "Nothing hidden moved anything." in words.output


def test_a_folder_that_is_none_is_refused_in_a_sentence(small_world: World, tmp_path: Path) -> None:
    told = run(small_world, search, "evaluate", str(tmp_path))
    assert told.exit_code != 0
    assert "There is no documents.jsonl" in str(told.exception)
    assert run(small_world, search, "evaluate", str(tmp_path / "nowhere")).exit_code != 0


def test_the_word_evaluate_can_be_looked_for(small_world: World) -> None:
    small_world.add_organisation("leeds")
    small_world.add_person("leeds/ann")
    told = run(small_world, search, "evaluate", "--as", "leeds/ann")
    assert "finds" in told.output


def test_an_index_whose_hidden_words_move_ranks_is_found_out(
    small_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: among others they come in another order than alone."""
    collection = read_collection(small(tmp_path))
    assert evaluate(small_world.parts.engine, collection).twist
    real = evaluating._rankings

    def counting(engine, asked, who, rarity, names):
        if engine.count() == len(collection.documents):  # among others
            return {name: list(reversed(found)) for name, found in real(engine, asked, who, rarity, names).items()}
        return real(engine, asked, who, rarity, names)

    monkeypatch.setattr(evaluating, "_rankings", counting)
    assert not evaluate(small_world.parts.engine, collection).twist
    told = run(small_world, search, "evaluate", str(tmp_path))
    assert told.exit_code == 1
    assert "WHAT IS HIDDEN MOVES WHAT IS SEEN." in told.output


def test_sixty_questions_of_councils_are_answered_as_well_as_ever_and_better_than_by_bm25(
    engines: Callable[[], Engine], council: Collection
) -> None:
    assert len(council.questions) == 60
    found = evaluate(engines(), council).figures
    assert found["ndcg10"] >= GATE, found
    assert found["ndcg10"] > found["bm25_ndcg10"]
    assert found["twist_holds"] is True
