"""The hook on which the public pages of write-ups hang."""

from flask import Blueprint

pages = Blueprint("writeups", __name__)
EVENT = "/events/<programme_slug>/<event_slug>/write-up"
