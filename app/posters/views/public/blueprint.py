"""The hook on which the public pages of posters hang."""

from flask import Blueprint

pages = Blueprint("posters", __name__)
