"""A process that writes documents as fast as it is told, and says which were acknowledged: `python -m …writer RATE`.

A line of JSON for each, printed after the commit: id, the SHA-256 of what was written, and when it was acknowledged.
"""

import hashlib
import json
import sys
import time

from config.settings import Settings
from hub.access.places import place_at
from hub.app import build_parts
from hub.ground.ids import new_secret
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.documents.service import NewDocument, StoredUpload, add_document


def main(rate: float) -> None:
    parts, number = build_parts(Settings()), 0
    print("ready", flush=True)
    while True:
        began, number = time.monotonic(), number + 1
        content = f"{number} {new_secret()} ".encode() * (1 if number % 3 else 4000)
        file = None
        if number % 3 == 0:
            stored = parts.files.put([content], limit=10_000_000)
            file = StoredUpload(stored.hash, f"{number}.txt", stored.size)
        with unit_of_work(parts.database, parts.clock) as uow:
            place = place_at(uow.session, "leeds/housing")
            assert place is not None
            body = "" if file else content.decode()
            new = NewDocument(f"Report {number}", "OFFICIAL", "published", "person:leeds/ann", body=body, file=file)
            document = add_document(uow, place, new).id
        said = {"id": document, "hash": hashlib.sha256(content).hexdigest(), "at": parts.clock.now().isoformat()}
        print(json.dumps(said), flush=True)
        if rate:
            time.sleep(max(0.0, 1 / rate - (time.monotonic() - began)))


if __name__ == "__main__":
    main(float(sys.argv[1]))
