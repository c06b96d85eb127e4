"""The hook on which the organisers' pages of registration hang."""

from flask import Blueprint

pages = Blueprint("registration", __name__)
