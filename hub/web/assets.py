"""Static files: a few, held in memory, compressed once, at addresses that hold their hash and so never change."""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flask import Flask, Response, request

from hub.ground.errors import NotFound

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    name: str
    mimetype: str
    body: bytes
    squeezed: bytes
    """The same by gzip; empty where that saves nothing."""
    digest: str

    @property
    def href(self) -> str:
        """Its address; another content has another one."""
        return f"/static/{self.digest}/{self.name}"


@cache
def read_assets(folder: Path) -> Mapping[str, Asset]:
    """The files of `folder` whose ending is in `TYPES`, by name (`dist/hub.css`). Read once in a process."""
    found: dict[str, Asset] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in TYPES:
            continue
        name = path.relative_to(folder).as_posix()
        found[name] = asset_of(name, path.read_bytes())
    return MappingProxyType(found)


def asset_of(name: str, body: bytes) -> Asset:
    """A file from its bytes; its type comes from the ending of its name."""
    squeezed = gzip.compress(body, 9, mtime=0)
    if len(squeezed) > len(body) * 0.9:
        squeezed = b""
    return Asset(name, TYPES[Path(name).suffix], body, squeezed, hashlib.sha256(body).hexdigest()[:16])


def init_assets(app: Flask, own: Iterable[Asset] = ()) -> dict[str, Asset]:
    """Serve the static files of `hub/web/static` at `/static/<digest>/<name>` (endpoint `assets`); returns them.

    `own` are an installation's own; one stands for the hub's file of the same name.
    """
    if app.has_static_folder:
        raise RuntimeError("create the application with static_folder=None: hub.web.assets serves the static files")
    assets = {**read_assets(FOLDER), **{asset.name: asset for asset in own}}

    def serve(digest: str, name: str) -> Response:
        asset = assets.get(name)
        if asset is None or asset.digest != digest:
            raise NotFound(name)
        squeeze = bool(asset.squeezed) and request.accept_encodings["gzip"] > 0
        response = Response(asset.squeezed if squeeze else asset.body, content_type=asset.mimetype)
        response.headers["Cache-Control"] = FOREVER
        if asset.squeezed:
            response.headers["Vary"] = "Accept-Encoding"
        if squeeze:
            response.headers["Content-Encoding"] = "gzip"
        response.set_etag(asset.digest + ("-gzip" if squeeze else ""))
        return response.make_conditional(request)  # type: ignore[return-value]

    app.add_url_rule("/static/<string:digest>/<path:name>", endpoint="assets", view_func=serve)
    return assets
