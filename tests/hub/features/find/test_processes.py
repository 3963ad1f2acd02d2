"""Several processes, one hub: what one has acknowledged binds the next answer of every other."""

import json
import time

import pytest

from tests.hub.features.find.processes import hub_process, on_real_time, run_hub, web_process
from tests.hub.features.find.test_leaks import LEEDS, YORK
from tests.hub.world import World

pytestmark = pytest.mark.long


def test_another_process_answers_by_the_new_policy_on_its_next_request(world: World) -> None:
    """L1, L2, L18, L22, L24: policy edits, group, marking, move, index: never an answer by yesterday's truth."""
    hub = on_real_time(world)
    hub.add_organisation("leeds", *LEEDS)
    hub.add_organisation("york", *YORK)
    hub.add_person("leeds/bea", "leeds/housing")
    hub.add_person("york/yan")
    hub.add_space("leeds/housing", "restricted")
    hub.add_space("leeds/housing/flood-plan", "restricted", name="Joint Flood Plan")
    documents = [hub.add_document("leeds/housing/flood-plan", f"Sandbag {n}", "Sandbags") for n in range(14)]
    hub.index_all()
    with web_process(hub) as web:
        yan, bea = web.signed_in(hub, "york/yan"), web.signed_in(hub, "leeds/bea")

        def finds(count: int) -> None:
            status, text = yan.get("/search?q=sandbags")
            assert status == 200
            said = "Nothing found" if not count else f"{count} result" + ("s" if count > 1 else "")
            assert said in text
            assert text.count('class="hub-hit"') == min(count, 10)

        finds(14)
        for _ in range(3):
            hub.set_policy("leeds", *LEEDS[:2])
            finds(0)
            hub.set_policy("leeds", *LEEDS)
            finds(14)
        for document in documents[:3]:
            hub.mark(document, "OFFICIAL-SENSITIVE")
        finds(11)  # by the fence: the index does not know yet
        hub.index_all()
        finds(11)  # by the index: the reader in the other process has reloaded
        hub.move(documents[3], "leeds/housing")
        finds(10)
        hub.index_all()
        finds(10)
        hub.add_document("leeds/housing/flood-plan", "Sandbag lorry", "Sandbags")
        hub.index_all()
        finds(11)
        assert "15 results" in bea.get("/search?q=sandbags")[1]
        hub.leave_group("leeds/bea", "leeds/housing")
        assert "12 results" in bea.get("/search?q=sandbags")[1]  # without the three that are sensitive
        hub.set_audience("leeds/housing", "private")
        assert "Nothing found" in bea.get("/search?q=sandbags")[1]
        finds(0)
        hub.index_all()
        assert "Nothing found" in bea.get("/search?q=sandbags")[1]
        finds(11)  # the line that names a space inside reaches it
        hub.set_status("york/yan", "suspended")
        assert "Sign in" in yan.get("/search?q=sandbags")[1] or yan.get("/search?q=sandbags")[0] != 200


def test_a_real_worker_indexes_and_builds_anew_while_the_command_line_looks_on(small_world: World) -> None:
    """`hub worker` does the work; `hub index` and `hub search` in processes of their own see it and ask for more."""
    hub = on_real_time(small_world)
    hub.add_organisation("leeds", *LEEDS)
    hub.add_person("leeds/ann")
    hub.add_space("leeds/housing", "restricted", name="Leeds Housing")
    hub.add_document("leeds/housing", "Sandbag note", "Sandbags")
    kettle = hub.add_file("leeds/housing", "kettle.txt", b"The kettle is on")
    with hub_process(hub, "worker", "--supervised"):
        asked = ("search", "--as", "leeds/ann", "kettle is on", "--json")
        until = time.monotonic() + 240
        found = {"hits": []}
        while [hit["type"] for hit in found["hits"]] != ["text"]:  # found by its name at once, known for a text later
            assert time.monotonic() < until, found
            time.sleep(0.2)
            found = json.loads(run_hub(hub, *asked).stdout)
        assert [(hit["id"], hit["space"]) for hit in found["hits"]] == [(kettle, "Leeds Housing")]
        told = run_hub(hub, "index", "rebuild")
        assert (told.returncode, told.stdout) == (0, "The index is built anew: 5 things.\n"), told.stderr
        assert json.loads(run_hub(hub, "index", "status", "--json").stdout)["waiting"] == 0
        assert json.loads(run_hub(hub, *asked).stdout) == found
    told = run_hub(hub, "index", "rebuild")  # nobody is at work any more: the command does it itself
    assert (told.returncode, told.stdout) == (0, "The index is built anew: 5 things.\n"), told.stderr
    assert json.loads(run_hub(hub, *asked).stdout) == found
