"""The hook on which the organiser pages of write-ups hang."""

from flask import Blueprint

pages = Blueprint("writeups", __name__)
EVENT = "/<programme_slug>/events/<event_slug>/write-up"
