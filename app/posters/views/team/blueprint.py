"""The hook on which the team pages of posters hang."""

from flask import Blueprint

pages = Blueprint("posters", __name__)
