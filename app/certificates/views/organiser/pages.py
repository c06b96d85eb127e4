"""All pages of certificates for organisers, on one hook."""

from app.certificates.views.organiser import (
    attendance,
    ceremony,
    completion,
    designs,
    handing_out,
    issuing,
    recognition,
    register,
    rule,
)
from app.certificates.views.organiser.blueprint import pages

HUNG = (
    attendance,
    ceremony,
    completion,
    designs,
    handing_out,
    issuing,
    recognition,
    register,
    rule,
)
"""Each of these hangs its pages on the hook when it is read."""

__all__ = ["HUNG", "pages"]
