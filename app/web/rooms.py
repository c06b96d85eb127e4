"""Which pages hang on which entrance; a new room is one line here."""

from flask import Blueprint, Flask

from app.web import pages
from app.web.entrances import ENTRANCES, public

PAGES: tuple[tuple[Blueprint, Blueprint], ...] = ((public, pages.pages),)

for _entrance, _pages in PAGES:
    _entrance.register_blueprint(_pages)


def register(app: Flask) -> None:
    """Open the entrances, with every room's pages behind them."""
    for entrance in ENTRANCES:
        app.register_blueprint(entrance)
