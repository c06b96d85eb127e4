"""The hook on which the organiser pages of group work hang."""

from flask import Blueprint

pages = Blueprint("groupwork", __name__)

HERE = "/<programme_slug>/events/<event_slug>/groupwork"
