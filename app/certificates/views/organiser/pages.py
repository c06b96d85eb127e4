"""All pages of certificates for organisers, on one hook."""

from app.certificates.views.organiser import completion, issuing, register
from app.certificates.views.organiser.blueprint import pages

HUNG = (completion, issuing, register)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
