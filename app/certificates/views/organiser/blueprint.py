"""What all pages of certificates for organisers hang on."""

from flask import Blueprint

pages = Blueprint("certificates", __name__)
