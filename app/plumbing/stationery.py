"""Writing letters and papers: a letter from its two templates, plain text and HTML; a paper from one."""

from functools import lru_cache

from flask import current_app
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from app.plumbing.mail import Words
from app.plumbing.pdf import printable


def written(name: str, /, **facts: object) -> Words:
    """Write the letter of `templates/<name>.txt` and `.html`; the text's first line is the subject.

    No request is needed, and a fact that a template misses is a mistake, not a gap in a letter.
    """
    plain, rich = _papers(current_app.jinja_env)
    whole = plain.get_template(f"{name}.txt").render(facts)
    subject, _, text = whole.partition("\n")
    html = rich.get_template(f"{name}.html").render(facts, subject=subject)
    return Words(subject.strip(), text.strip() + "\n", html)


def set_in_print(name: str, /, **facts: object) -> str:
    """Write the paper of `templates/<name>.html`; what no print font has is said in words."""
    return _press(current_app.jinja_env).get_template(f"{name}.html").render(facts)


@lru_cache(maxsize=8)
def _press(environment: Environment) -> Environment:
    return environment.overlay(autoescape=True, undefined=StrictUndefined, finalize=_printable)


def _printable(value: object) -> object:
    """Return a value as it can be printed; what is marked as safe stays marked."""
    if isinstance(value, Markup):
        return Markup(printable(value))  # noqa: S704 - only signs that mean nothing in HTML change
    return printable(value) if isinstance(value, str) else value


@lru_cache(maxsize=8)
def _papers(environment: Environment) -> tuple[Environment, Environment]:
    plain = environment.overlay(autoescape=False, undefined=StrictUndefined)  # nosec: plain text
    return plain, environment.overlay(autoescape=True, undefined=StrictUndefined)
