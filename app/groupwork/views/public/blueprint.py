"""The hook on which the public pages of group work hang."""

from flask import Blueprint

pages = Blueprint("groupwork", __name__)
