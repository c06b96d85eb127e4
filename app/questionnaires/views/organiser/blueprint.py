"""The pages' one Blueprint."""

from flask import Blueprint

pages = Blueprint("questionnaires", __name__)
