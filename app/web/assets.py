"""Our own scripts, styles and pictures, under names that carry their content's hash."""

import json
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

DIST = Path(__file__).resolve().parents[1] / "static" / "dist"


class NoAssets(Exception):
    """The front end has not been built."""


def register(app: Flask) -> None:
    """Serve the built front end for ever under its hashed names, and tell templates the names."""
    manifest = DIST / "manifest.json"
    if not manifest.is_file():
        raise NoAssets("The front end is not built. Run ./run, or bin/build-assets.")
    names: dict[str, str] = json.loads(manifest.read_text())

    def asset(name: str) -> str:
        """Return the address of a built file."""
        return f"/static/dist/{names[name]}"

    app.jinja_env.globals["asset"] = asset
    white_noise = WhiteNoise(
        app.wsgi_app,
        root=str(DIST),
        prefix="static/dist/",
        immutable_file_test=lambda *_: True,
        add_headers_function=_add_headers,
    )
    app.wsgi_app = white_noise  # type: ignore[method-assign]  # the documented way to wrap an application


def _add_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # A worker obeys the policy of its own answer: the reader of codes compiles WebAssembly.
    headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "
        "style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
