"""What all pages of check-in for organisers hang on."""

from flask import Blueprint

pages = Blueprint("checkin", __name__)
