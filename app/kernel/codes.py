"""Codes that people and machines read: secrets, typed codes and numbers with a check character.

The alphabet is Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U, so
look-alikes can be forgiven when somebody types. Check characters follow ISO/IEC 7064 MOD 37,36,
which finds every single wrong character and nearly every swap of two neighbours.
"""

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_LENGTH = 26  # 130 bits, above the 128 of OWASP ASVS 5.0 11.5.1
_FORGIVEN = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def new_secret() -> str:
    """Return a new random code of 26 characters (130 bits)."""
    return random_code(SECRET_LENGTH)


def random_code(length: int) -> str:
    """Return a random code of so many characters, 5 bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def derived_code(key: bytes, subject: str, length: int = SECRET_LENGTH) -> str:
    """Return the code that belongs to a subject under a key, the same each time (HMAC-SHA256)."""
    number = int.from_bytes(hmac.digest(key, subject.encode(), "sha256"))
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(length))


def derived_digits(key: bytes, subject: str, length: int) -> str:
    """Return the digits that belong to a subject under a key: a code for a short while and few tries."""
    number = int.from_bytes(hmac.digest(key, subject.encode(), "sha256"))
    return f"{number % 10**length:0{length}}"


def normal_code(typed: str) -> str:
    """Return a typed code as it was printed: upper case, no blanks or hyphens, look-alikes forgiven."""
    kept = "".join(c for c in typed.upper() if c.isascii() and c.isalnum())
    return kept.translate(_FORGIVEN)


def grouped(code: str, size: int = 5) -> str:
    """Return a code in hyphenated groups that a person can read aloud; the rest joins the last group."""
    count = max(len(code) // size, 1)
    heads = [code[i * size : (i + 1) * size] for i in range(count - 1)]
    return "-".join([*heads, code[(count - 1) * size :]])


def digest(secret: str) -> str:
    """Return the SHA-256 of a high-entropy secret, in hex: what is kept of it at rest."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_character(text: str) -> str:
    """Return the ISO/IEC 7064 MOD 37,36 check character of the letters and digits of a text."""
    product = 36
    for character in text.upper():
        if character in _CHECKED:
            total = (product + _CHECKED.index(character)) % 36 or 36
            product = total * 2 % 37
    return _CHECKED[(37 - product) % 36]


def has_right_check_character(number: str) -> bool:
    """Say whether the last letter or digit of a number is the check character of the others."""
    kept = "".join(c for c in number.upper() if c in _CHECKED)
    return len(kept) > 1 and check_character(kept[:-1]) == kept[-1]
