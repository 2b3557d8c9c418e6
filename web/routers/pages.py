"""The built pages: desk, phone, duty desk, and what they load."""

import re
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from search_ops.errors import NotKnown
from web.deps import GuardedRoute

router = APIRouter(route_class=GuardedRoute, include_in_schema=False)

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
_ASK_AGAIN: Final = {"Cache-Control": "no-cache"}
# Names of assets carry a hash of their content.
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASSET_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,150}", re.ASCII)
_TYPES: Final = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


def _file(name: str, headers: dict[str, str]) -> Response:
    path = STATIC / name
    if not path.is_file():
        raise NotKnown
    return FileResponse(path, headers=headers, media_type=_TYPES.get(path.suffix))


@router.get("/")
@router.get("/index.html")
async def get_desk() -> Response:
    """Return the page of the desk."""
    return _file("index.html", _ASK_AGAIN)


@router.get("/field")
@router.get("/field/")
@router.get("/field/index.html")
async def get_field() -> Response:
    """Return the page of the phone."""
    return _file("field/index.html", _ASK_AGAIN)


@router.get("/duty")
@router.get("/duty/")
@router.get("/duty/index.html")
async def get_duty() -> Response:
    """Return the page of the duty desk."""
    return _file("duty/index.html", _ASK_AGAIN)


@router.get("/field-sw.js")
async def get_service_worker() -> Response:
    """Return the worker that opens the phone page without a network."""
    return _file("field-sw.js", {**_ASK_AGAIN, "Service-Worker-Allowed": "/field"})


@router.get("/field.webmanifest")
async def get_manifest() -> Response:
    """Return what a phone needs to put the page on its home screen."""
    return _file("field.webmanifest", _ASK_AGAIN)


@router.get("/icon.svg")
async def get_icon() -> Response:
    """Return the icon."""
    return _file("icon.svg", _ASK_AGAIN)


@router.get("/assets/{name:path}")
async def get_asset(name: str) -> Response:
    """Return a file of the build."""
    parts = name.split("/")
    if any(_ASSET_NAME.fullmatch(part) is None for part in parts):
        raise NotKnown
    return _file(f"assets/{name}", _FOR_EVER)
