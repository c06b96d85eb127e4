"""Writing letters: the words of a letter from its two templates, plain text and HTML."""

from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from jinja2 import Environment, StrictUndefined


@dataclass(frozen=True)
class Words:
    """What a letter says: its subject, its plain text and the same in HTML."""

    subject: str
    text: str
    html: str


def written(name: str, /, **facts: object) -> Words:
    """Write the letter of `templates/<name>.txt` and `.html`; the text's first line is the subject.

    No request is needed, and a fact that a template misses is a mistake, not a gap in a letter.
    """
    plain, rich = _papers(current_app.jinja_env)
    whole = plain.get_template(f"{name}.txt").render(facts)
    subject, _, text = whole.partition("\n")
    html = rich.get_template(f"{name}.html").render(facts, subject=subject)
    return Words(subject.strip(), text.strip() + "\n", html)


@lru_cache(maxsize=8)
def _papers(environment: Environment) -> tuple[Environment, Environment]:
    plain = environment.overlay(autoescape=False, undefined=StrictUndefined)  # nosec: plain text
    return plain, environment.overlay(autoescape=True, undefined=StrictUndefined)
