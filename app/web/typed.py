"""What people type, as it comes in: without characters that nobody means to type.

Such characters come along when somebody copies from another program, or are sent on purpose: they
break a mail's head, turn the words around them, or are refused by the database. No form has to
think of them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Request, abort
from werkzeug.datastructures import ImmutableMultiDict, MultiDict, iter_multi_items

from app.kernel.names import legible


class Answers(ImmutableMultiDict[str, Any]):  # Any: files come in one of these too
    """The fields of a form, or of the part of an address behind its question mark."""

    def __init__(self, sent: Any = None) -> None:
        """Take what was sent, and leave out what cannot be read."""
        super().__init__(None if sent is None else list(_legible_items(sent)))


def _legible_items(sent: Any) -> Iterator[tuple[str, Any]]:
    for name, value in iter_multi_items(sent) if isinstance(sent, Mapping | MultiDict) else sent:
        yield name, legible(value) if isinstance(value, str) else value


class LegibleRequest(Request):
    """A request whose answers can be read, kept and shown."""

    parameter_storage_class = Answers


def register(app: Flask) -> None:
    """Let every form and every search see only what can be read."""
    app.request_class = LegibleRequest

    @app.url_value_preprocessor
    def show_nothing_at_illegible_addresses(
        _endpoint: str | None, values: dict[str, Any] | None
    ) -> None:
        """Say that nothing is there, before anybody looks for it in the database."""
        named = [value for value in (values or {}).values() if isinstance(value, str)]
        if any(legible(value) != value for value in named):
            abort(404)
