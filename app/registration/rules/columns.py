"""Which column of an uploaded list is what; the organiser may correct every guess.

The column names of other systems, where they can be looked up:

- Eventbrite, attendee report: https://github.com/rherardi/eb2ez (README, "Example Input Format");
  a British account writes "Surname" for "Last Name".
- pretix, order data, sheet of positions: https://github.com/pretix/pretix
  src/pretix/base/exporters/orderlist.py, and its German in src/pretix/locale/de.
- Indico, registrations as CSV: https://github.com/indico/indico
  indico/modules/events/registration/util.py and models/items.py (the titles of the fields).
- Microsoft Forms, answers as a workbook: https://github.com/acl-org/acl-anthology
  bin/add_attachments.py: ID, Start time, Completion time, Email, Name, then the questions; who
  answers without signing in is called "anonymous".
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum


class Field(StrEnum):
    """What a column of an uploaded list can hold."""

    FULL_NAME = "full_name"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    EMAIL = "email"
    TEAM = "team"
    ROLE = "role"
    CERTIFICATE_NAME = "certificate_name"
    DIET = "diet"
    ACCESS = "access"
    STATUS = "status"


# The best name first. Names are compared without case, punctuation and doubled blanks.
_NAMES: Mapping[Field, Sequence[str]] = {
    Field.EMAIL: (
        "attendee email",
        "email teilnehmer in",
        "work email",
        "work email address",
        "email address",
        "email adresse",
        "email",
        "mail",
    ),
    Field.GIVEN_NAME: (
        "attendee name given name",
        "name teilnehmer in vorname",
        "first name",
        "first names",
        "firstname",
        "given name",
        "given names",
        "forename",
        "forenames",
        "vorname",
    ),
    Field.FAMILY_NAME: (
        "attendee name family name",
        "name teilnehmer in nachname",
        "last name",
        "lastname",
        "surname",
        "family name",
        "nachname",
    ),
    Field.FULL_NAME: (
        "attendee name",
        "name teilnehmer in",
        "full name",
        "your full name",
        "your name",
        "delegate name",
        "participant name",
        "name of attendee",
        "name and surname",
        "attendee",
        "delegate",
        "participant",
        "name",
    ),
    Field.CERTIFICATE_NAME: (
        "name on certificate",
        "name for certificate",
        "name on the certificate",
        "name for the certificate",
        "certificate name",
    ),
    Field.TEAM: (
        "practice",
        "practice name",
        "gp practice",
        "name of practice",
        "surgery",
        "team",
        "team name",
        "organisation",
        "organization",
        "affiliation",
        "company",
        "firma",
        "praxis",
        "employer",
    ),
    Field.ROLE: ("role", "job role", "job title", "your role", "your job title", "position"),
    Field.DIET: ("diet", "dietary requirements", "dietary needs", "special diet", "food"),
    Field.ACCESS: (
        "access",
        "access needs",
        "access requirements",
        "accessibility",
        "accessibility needs",
        "accessibility requirements",
        "reasonable adjustments",
        "adjustments",
    ),
    Field.STATUS: ("attendee status", "registration state", "order status", "status"),
}

# Words that give away what a question asks for; the surest questions first.
_QUESTIONS: Sequence[tuple[Field, str]] = (
    (Field.CERTIFICATE_NAME, r"\bcertificate\b"),
    (Field.EMAIL, r"\bemail\b"),
    (Field.DIET, r"\bdiet|\ballerg|\bfood\b"),
    (Field.ACCESS, r"\baccessib|\baccess (need|requirement)|\badjustments?\b|\bmobility\b"),
    (Field.GIVEN_NAME, r"\b(first|given) names?\b|\bforenames?\b"),
    (Field.FAMILY_NAME, r"\b(last|family) name\b|\bsurname\b"),
    (Field.FULL_NAME, r"\b(full|your) name\b"),
    (Field.ROLE, r"\byour role\b|\bjob (title|role)\b|\bposition\b"),
    (Field.TEAM, r"\bpractice\b|\bsurgery\b|\borgani[sz]ation\b|\bwhich team\b|\bteam name\b"),
)

_NOBODY = frozenset({"", "anonymous"})


def guess_columns(
    headers: Sequence[str], sample_rows: Sequence[Sequence[str]]
) -> dict[Field, int | None]:
    """Say for each field which column most likely holds it, by its name and what stands in it."""
    samples = [[row[column] for row in sample_rows] for column in range(len(headers))]
    names = [_plain(header) for header in headers]
    guessed: dict[Field, int | None] = {}
    for field in Field:
        guessed[field] = _best_named(field, names, samples)
    for field, question in _QUESTIONS:
        named = guessed[field]
        if named is None or not any(samples[named]):
            asked = _asked_for(field, question, names, samples, taken=guessed)
            guessed[field] = named if asked is None else asked
    if guessed[Field.EMAIL] is None:
        guessed[Field.EMAIL] = _full_of_addresses(samples)
    return _with_one_way_to_a_name(guessed, names)


def what_is_missing(columns: Mapping[Field, int | None]) -> str:
    """Return the sentence that asks for a column without which nobody can be invited, or ""."""
    named = [columns.get(Field.FULL_NAME), columns.get(Field.GIVEN_NAME)]
    if all(column is None for column in named):
        return "Choose the column that holds the names."
    if columns.get(Field.EMAIL) is None:
        return "Choose the column that holds the e-mail addresses."
    return ""


def recognised_source(headers: Sequence[str]) -> str | None:
    """Name the export that a list looks like, as in "This looks like an Eventbrite …"."""
    names = {" ".join(header.split()).casefold() for header in headers}
    for source, (needed, one_of) in _SOURCES.items():
        if needed <= names and one_of & names:
            return source
    return None


def legible(text: str, *, most: int) -> str:
    """Return a text from a list as a page may show it: nothing invisible, and not too long."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    words = " ".join(shown.split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


_SOURCES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "an Eventbrite attendee report": (
        frozenset({"order #", "email"}),
        frozenset({"ticket type", "attendee #", "attendee status"}),
    ),
    "a pretix order list": (
        frozenset({"order code", "attendee name"}),
        frozenset({"attendee email", "position id", "product"}),
    ),
    "a pretix order list in German": (
        frozenset({"name teilnehmer*in"}),
        frozenset({"e-mail teilnehmer*in", "bestellnummer", "produkt"}),
    ),
    "a Microsoft Forms answer list": (
        frozenset({"id", "start time", "completion time"}),
        frozenset({"email", "name"}),
    ),
    "an Indico registration list": (
        frozenset({"id", "name", "email address"}),
        frozenset({"first name", "last name", "affiliation", "registration state"}),
    ),
}


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).casefold().replace("e-mail", "email")
    text = re.sub(r" \(\d+\)$", "", text)  # the second column of a name
    return " ".join(re.sub(r"[\W_]+", " ", text).split())


def _best_named(field: Field, names: Sequence[str], samples: Sequence[Sequence[str]]) -> int | None:
    named = [
        column
        for known in _NAMES[field]
        for column, name in enumerate(names)
        if name == known and _may_hold(field, samples[column])
    ]
    return next((column for column in named if any(samples[column])), next(iter(named), None))


def _asked_for(
    field: Field,
    question: str,
    names: Sequence[str],
    samples: Sequence[Sequence[str]],
    *,
    taken: Mapping[Field, int | None],
) -> int | None:
    for column, name in enumerate(names):
        asked = column not in taken.values() and re.search(question, name)
        if asked and _may_hold(field, samples[column]):
            return column
    return None


def _may_hold(field: Field, sample: Sequence[str]) -> bool:
    """Rule a column out by what stands in it; an empty one may hold anything but addresses."""
    answers = [answer for answer in sample if answer.casefold() not in _NOBODY]
    if not answers:
        return field is not Field.EMAIL and not any(sample)
    return any(_MUST_LOOK_LIKE.get(field, _is_text)(answer) for answer in answers)


def _is_text(answer: str) -> bool:
    return any(character.isalpha() for character in answer)


def _is_address(answer: str) -> bool:
    return "@" in answer


_MUST_LOOK_LIKE: Mapping[Field, Callable[[str], bool]] = {Field.EMAIL: _is_address}


def _full_of_addresses(samples: Sequence[Sequence[str]]) -> int | None:
    counts = [sum(_is_address(answer) for answer in sample) for sample in samples]
    most = max(counts, default=0)
    return counts.index(most) if most else None


def _with_one_way_to_a_name(
    guessed: dict[Field, int | None], names: Sequence[str]
) -> dict[Field, int | None]:
    """Decide what a column called just "Name" is, next to columns for parts of a name."""
    full = guessed[Field.FULL_NAME]
    given, family = guessed[Field.GIVEN_NAME], guessed[Field.FAMILY_NAME]
    if full is None or names[full] != "name" or (given is None and family is None):
        return guessed

    # "Name; Surname" and "Name; Vorname" both say the other part; with both parts there, a
    # "Name" repeats them, or is what an account is called.
    return guessed | {
        Field.FULL_NAME: None,
        Field.GIVEN_NAME: full if given is None else given,
        Field.FAMILY_NAME: full if family is None else family,
    }
