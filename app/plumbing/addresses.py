"""Addresses that leave the building (in letters, codes and PDFs): built from the setting, never from a request."""

from urllib.parse import urlsplit

from flask import current_app


def address_of(endpoint: str, **values: object) -> str:
    """Return the full address of a page."""
    adapter = current_app.create_url_adapter(None)
    assert adapter is not None, "SERVER_NAME is set at start-up."
    return adapter.build(endpoint, values, force_external=True)


def short_address_of(endpoint: str, **values: object) -> str:
    """Return the address of a page as it is printed: without https://."""
    parts = urlsplit(address_of(endpoint, **values))
    return f"{parts.netloc}{parts.path}"
