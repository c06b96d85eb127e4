"""Keys for one purpose each, derived from the server's secret key."""

import hmac

_secret: list[bytes] = []


def set_up_keys(secret: str) -> None:
    """Say once, at start-up, what the server's secret key is."""
    _secret[:] = [secret.encode()]


def key_for(purpose: str) -> bytes:
    """Return the key of one purpose (HMAC-SHA256 of its name under the server's secret)."""
    return hmac.digest(_secret[0], purpose.encode(), "sha256")
