"""The pictures of a poster and its original file, served so that nothing in them can run."""

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from app.kernel.permission import Permission, needs
from app.plumbing.files import file_content
from app.posters.actions.preparing import ENDINGS, picture_key
from app.posters.models import PosterVersion
from app.posters.queries.posters import version_of
from app.posters.rules import FileKind, VersionState
from app.posters.views.looking import Sight, sight_with_code
from app.posters.views.public.blueprint import pages

TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
}
NOTHING_RUNS = "sandbox; default-src 'none'; frame-ancestors 'none'"
FOR_A_YEAR = "private, max-age=31536000, immutable"
"""A picture's address carries its version, so it never changes; who may see it can."""


@pages.get("/p/<code>/<int:version>/<any(thumb,small,large):picture>")
@needs(Permission.SEE_PUBLIC_PAGES)
def picture(code: str, version: int, picture: str) -> ResponseReturnValue:
    """Hand out a picture of a poster."""
    found = _version(sight_with_code(code), version)
    return _picture(found, picture)


@pages.get("/p/<code>/<int:version>/tiles/<int:row>/<int:column>")
@needs(Permission.SEE_PUBLIC_PAGES)
def tile(code: str, version: int, row: int, column: int) -> ResponseReturnValue:
    """Hand out one part of a poster close up."""
    found = _version(sight_with_code(code), version)
    if row >= found.tile_rows or column >= found.tile_columns:
        abort(404)
    return _picture(found, f"tile-{row}-{column}")


@pages.get("/p/<code>/<int:version>/original")
@needs(Permission.SEE_PUBLIC_PAGES)
def original(code: str, version: int) -> ResponseReturnValue:
    """Hand out the cleaned file: a PDF to keep, a picture to look at in a tab of its own."""
    sight = sight_with_code(code)
    found = _version(sight, version)
    content = file_content(found.file_key or "") or abort(404)
    response = Response(content, mimetype=TYPES[found.kind])
    way = "attachment" if found.kind is FileKind.PDF else "inline"
    name = f"{sight.poster.team.slug}-poster.{ENDINGS[found.kind]}"
    response.headers["Content-Disposition"] = f'{way}; filename="{name}"'
    return _sealed(response)


def _version(sight: Sight, number: int) -> PosterVersion:
    """Return the version that is shown, or an earlier one to those whose poster it is."""
    if sight.version is not None and sight.version.number == number:
        return sight.version
    if not (sight.looker.sees_all or sight.looker.is_of(sight.poster)):
        abort(404)
    found = version_of(sight.poster, number)
    if found is None or found.state is not VersionState.READY:
        abort(404)
    return found


def _picture(version: PosterVersion, name: str) -> Response:
    key = picture_key(version, name)
    tag = f"{version.sha256[:16]}-{name}"
    response = Response(mimetype="image/webp" if key.endswith(".webp") else "image/jpeg")
    response.set_etag(tag)
    if request.if_none_match.contains(tag):
        response.status_code = 304
    else:
        response.set_data(file_content(key) or abort(404))
    return _sealed(response)


def _sealed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    response.headers["Cache-Control"] = FOR_A_YEAR
    return response
