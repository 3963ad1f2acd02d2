"""The engine over a server: an alias that is searched and written, and generations behind it."""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, Final

from search.elastic.client import SEARCH_SECONDS, connect, place_of, quietly, sentences, unless_there
from search.elastic.mapping import LAYOUT, index_body
from search.elastic.plain import PlainIndex
from search.elastic.query import search_body
from search.engine import Answer, Change, Closing, EngineDown, EngineSlow, Hit, IndexUnfit, ItemError, Plain, Rebuild
from search.entry import ACL_VERSION, BELOW, FACETS, Entry, fields
from search.request import SearchRequest
from search.snippets import from_marked

BULK_BYTES: Final = 1_000_000
"""Of one bulk request, about."""
BULKS_AT_ONCE: Final = 2
"""Bulk requests that are under way side by side: the server takes texts apart with one core for each."""


class ElasticEngine(Closing):
    """The engine over the server at `url`, under the alias `index`. Nothing is sent before the first call.

    `replicas` as Elasticsearch's `auto_expand_replicas`. Raises ValueError where `url` is no address.
    """

    def __init__(
        self,
        url: str,
        *,
        index: str = "hub",
        user: str = "",
        password: str = "",
        api_key: str = "",
        ca_certs: str | None = None,
        shards: int = 1,
        replicas: str = "0-1",
    ) -> None:
        self._client = connect(url, user=user, password=password, api_key=api_key, ca_certs=ca_certs)
        self._asking = self._client.options(request_timeout=SEARCH_SECONDS)
        """The same for what somebody waits for; made once, since it costs as much as a search."""
        self._place = place_of(url)
        self._index = index
        self._building = f"{index}-building"
        self._shards = shards
        self._replicas = replicas

    # reading

    def search(self, request: SearchRequest) -> Answer:
        """See `Engine.search`."""
        with self._sentences():
            found = self._asking.search(
                index=self._index,
                timeout=f"{int(SEARCH_SECONDS * 800)}ms",
                allow_partial_search_results=False,
                **_named(search_body(request)),
            ).body
        if found["timed_out"]:
            raise EngineSlow(f"Elasticsearch at {self._place} did not finish in time: see whether it is overloaded")
        return _answer(found, request)

    def count(self) -> int:
        """See `Engine.count`."""
        with self._sentences():
            findable = {"term": {"acl_v": ACL_VERSION}}
            return quietly(lambda: int(self._client.count(index=self._index, query=findable)["count"]), 0)

    def healthy(self) -> None:
        """See `Engine.healthy`."""
        with self._sentences():
            found = self._asking.indices.get_mapping(index=self._index).body
        for mapping in found.values():
            if mapping["mappings"].get("_meta", {}).get("layout") != LAYOUT:
                raise IndexUnfit("the search index was made by another version of the hub: run `hub index rebuild`")

    def reload_if_behind(self, sequence: int) -> None:
        """Nothing to do: `commit` refreshes the index for every reader before the sequence is raised."""

    def aside(self) -> "ElasticEngine":
        """See `Engine.aside`."""
        return _Aside(self, f"{self._index}-aside-{secrets.token_hex(4)}")

    def plain(self, texts: Iterable[tuple[str, str]]) -> Plain:
        """See `Engine.plain`."""
        with self._sentences():
            return PlainIndex(self._client, f"{self._index}-plain-{secrets.token_hex(4)}", texts)

    # writing

    def write(self, changes: Sequence[Change]) -> tuple[ItemError, ...]:
        """See `Engine.write`. Where there is no index yet, the first generation is made."""
        with self._sentences():
            if not self._client.indices.exists_alias(name=self._index):
                self._make_first()
            # A rebuild that begins after this question reads what the database holds now, or newer.
            if self._client.indices.exists_alias(name=self._building):
                self._bulk(self._building, changes, may_be_gone=True)
            return self._bulk(self._index, changes)

    def commit(self) -> None:
        """See `Engine.commit`: one refresh for all that was written; a single write never asks for one."""
        with self._sentences():
            self._client.indices.refresh(index=self._index, ignore_unavailable=True)

    def begin_rebuild(self) -> Rebuild:
        """See `Engine.begin_rebuild`."""
        with self._sentences():
            in_force = self._behind(self._index)
            for name in self.generations():
                if name not in in_force:
                    self._client.indices.delete(index=name, ignore_unavailable=True)
            name = self._new_name()
            body = self._body()
            body["settings"] |= {"refresh_interval": "-1"}
            self._client.indices.create(index=name, aliases={self._building: {}}, **body)
        return _ElasticRebuild(self, name)

    def close(self) -> None:
        """See `Engine.close`."""
        self._client.close()

    # what a rebuild needs of the engine

    def fill(self, entries: Sequence[Entry]) -> tuple[ItemError, ...]:
        """Writes into the generation that is being filled (for `_ElasticRebuild` alone)."""
        with self._sentences():
            return self._bulk(self._building, entries)

    def adopt(self, name: str) -> int:
        """Puts a filled generation in force, in one step (for `_ElasticRebuild` alone)."""
        with self._sentences():
            if name not in self._behind(self._building):
                raise EngineDown("another rebuild took this one's place: let that one finish, or start again")
            indices = self._client.indices
            indices.put_settings(index=name, settings={"refresh_interval": "1s"})
            indices.refresh(index=name)
            old = self._behind(self._index)
            actions: list[dict[str, Any]] = [{"remove": {"index": gone, "alias": self._index}} for gone in old]
            actions += [
                {"add": {"index": name, "alias": self._index}},
                {"remove": {"index": name, "alias": self._building}},
            ]
            indices.update_aliases(actions=actions)
            for gone in old:
                indices.delete(index=gone, ignore_unavailable=True)
        return self.count()

    def forget(self, name: str) -> None:
        """Drops a generation (for `_ElasticRebuild` alone)."""
        with self._sentences():
            self._client.indices.delete(index=name, ignore_unavailable=True)

    def generations(self) -> list[str]:
        """The names of all there are, also of those being filled."""
        return list(self._client.indices.get(index=f"{self._index}-generation-*").body)

    def _behind(self, alias: str) -> list[str]:
        nothing: list[str] = []
        return quietly(lambda: list(self._client.indices.get_alias(name=alias).body), nothing)

    def _make_first(self) -> None:
        name = f"{self._index}-generation-000001-first"  # the same for all: of two that start at once, one makes it
        unless_there(lambda: self._client.indices.create(index=name, aliases={self._index: {}}, **self._body()))

    def _body(self) -> dict[str, Any]:
        return index_body(self._shards, self._replicas)

    def _new_name(self) -> str:
        # A name of its own for each: a rebuild whose place another took must not take that one's for its own.
        start = f"{self._index}-generation-"
        numbers = [int(name.removeprefix(start)[:6]) for name in self.generations()]
        return f"{start}{max(numbers, default=0) + 1:06}-{secrets.token_hex(3)}"

    def _sentences(self) -> AbstractContextManager[None]:
        return sentences(self._place)

    def _bulk(self, alias: str, changes: Sequence[Change], *, may_be_gone: bool = False) -> tuple[ItemError, ...]:
        def send(lines: list[Any]) -> list[ItemError]:
            # require_alias: a generation that is gone must not come back as an index of no mapping
            found = self._client.bulk(index=alias, operations=lines, require_alias=True)
            return list(self._item_errors(found["items"], may_be_gone=may_be_gone)) if found["errors"] else []

        with ThreadPoolExecutor(BULKS_AT_ONCE) as pool:
            return tuple(error for errors in pool.map(send, _bulks(changes)) for error in errors)

    def _item_errors(self, items: Iterable[dict[str, Any]], *, may_be_gone: bool) -> Iterator[ItemError]:
        for item in items:
            (result,) = item.values()
            kind = result.get("error", {}).get("type", "")
            if not kind or result["status"] == 409:  # noqa: PLR2004 - the index has a newer version
                continue
            if kind == "index_not_found_exception" and may_be_gone:
                continue
            if result["status"] in {429, 503} or kind == "index_not_found_exception":
                raise EngineSlow(f"Elasticsearch at {self._place} takes no more writes now: they will come again")
            yield ItemError(result["_id"], _reason(result["error"]))


class _Aside(ElasticEngine):
    """The engine of another under another alias, whose indices go with it."""

    def __init__(self, other: ElasticEngine, index: str) -> None:
        self.__dict__ |= other.__dict__
        self._index, self._building = index, f"{index}-building"

    def close(self) -> None:
        """Deletes its indices; the connection is the other's."""
        for name in self.generations():
            self.forget(name)


class _ElasticRebuild:
    """A generation being filled. What the engine writes meanwhile goes there too; the newer version stays."""

    def __init__(self, engine: ElasticEngine, name: str) -> None:
        self._engine = engine
        self._name = name

    def write(self, entries: Iterable[Entry]) -> tuple[ItemError, ...]:
        """See `Rebuild.write`."""
        return self._engine.fill(tuple(entries))

    def finish(self) -> int:
        """See `Rebuild.finish`."""
        return self._engine.adopt(self._name)

    def abandon(self) -> None:
        """See `Rebuild.abandon`."""
        self._engine.forget(self._name)


def _reason(error: dict[str, Any]) -> str:
    """What the server says of an item, shortened: it may quote the item's text."""
    return f"{error.get('type', '')}: {str(error.get('reason', ''))[:200]}"


def _bulks(changes: Sequence[Change]) -> Iterator[list[Any]]:
    """The lines of bulk requests, each about `BULK_BYTES` at most."""
    lines: list[Any] = []
    size = 0
    for change in changes:
        about = {"_id": change.id, "version": change.version, "version_type": "external"}
        if isinstance(change, Entry):
            some = [json.dumps({"index": about}), json.dumps(fields(change), ensure_ascii=False)]
        else:
            some = [json.dumps({"delete": about})]
        length = sum(map(len, some))
        if lines and size + length > BULK_BYTES:
            yield lines
            lines, size = [], 0
        lines += some
        size += length
    if lines:
        yield lines


def _named(body: dict[str, Any]) -> dict[str, Any]:
    """A body as the client's arguments, some of which have names of their own."""
    renamed = {"from": "from_", "_source": "source"}
    return {renamed.get(key, key): value for key, value in body.items()}


def _answer(found: dict[str, Any], request: SearchRequest) -> Answer:
    hits = tuple(_hit(hit) for hit in found["hits"]["hits"])
    if request.hits_only:
        return Answer(request.offset + len(hits), total_is_exact=False, hits=hits, facets={})
    total = found["hits"]["total"]
    facets = {name: _values(found["aggregations"][name]) for name in FACETS}
    return Answer(int(total["value"]), total["relation"] == "eq", hits, facets)


def _values(facet: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    buckets = facet.get("values", facet)["buckets"]
    return tuple((str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)


def _hit(hit: dict[str, Any]) -> Hit:
    source, marked = hit["_source"], hit.get("highlight", {})
    return Hit(
        id=source["id"], kind=source["kind"], type=source["type"], organisation=source["org"],
        space=source.get("space", ""), marking=source["marking"], state=source["state"], date=source["date"],
        title=from_marked(marked.get("title", [source["title"]])[0]),
        snippet=from_marked(marked.get("body", [""])[0].partition(BELOW)[0]),
    )  # fmt: skip
