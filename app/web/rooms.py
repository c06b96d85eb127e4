"""Which pages hang on which entrance, and whose later work is known; a new room is one line here."""

from types import ModuleType

from flask import Blueprint, Flask

from app.certificates import jobs as certificate_jobs
from app.certificates.views import public as certificates_public
from app.certificates.views.organiser import pages as certificates_organiser
from app.registration import jobs as registration_jobs
from app.web import pages
from app.web.entrances import ENTRANCES, organiser, public

PAGES: tuple[tuple[Blueprint, Blueprint], ...] = (
    (public, pages.pages),
    (public, certificates_public.pages),
    (organiser, certificates_organiser.pages),
)

JOBS: tuple[ModuleType, ...] = (certificate_jobs, registration_jobs)
"""Each of these tells the queue its work when it is read."""

for _entrance, _pages in PAGES:
    _entrance.register_blueprint(_pages)


def register(app: Flask) -> None:
    """Open the entrances, with every room's pages behind them."""
    for entrance in ENTRANCES:
        app.register_blueprint(entrance)
