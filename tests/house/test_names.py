"""One name, four trees: a page is shown by the view file of the same name."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
SHELVES = {"layouts", "components", "errors", "nhsuk", "security"}
VIEWS = [path for path in (ROOT / "app").glob("*/views/**/*.py") if path.name != "__init__.py"]


def shown_by(path: Path) -> list[tuple[int, str]]:
    """Every template a Python file names, with its line."""
    return [
        (node.lineno, node.value)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[\w/-]+\.html", node.value)
    ]


@pytest.mark.parametrize("path", VIEWS, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_view_shows_only_pages_of_its_own_name(path):
    parts = path.relative_to(ROOT / "app").with_suffix("").parts
    feature, audience = parts[0], parts[2]
    for line, name in shown_by(path):
        assert name.startswith(f"{feature}/{audience}/"), f"{path}:{line} shows {name}"
        assert (TEMPLATES / name).is_file(), f"{path}:{line} shows {name}, which is not there"


def templates() -> list[Path]:
    return [p for p in TEMPLATES.rglob("*.html") if p.parent.name != "email"]


@pytest.mark.parametrize("path", templates(), ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_a_template_borrows_only_from_the_shelves_and_its_own_feature(path):
    own = path.relative_to(TEMPLATES).parts[0]
    text = path.read_text()
    for name in re.findall(r'{%-?\s*(?:extends|include|import|from)\s+"([^"]+)"', text):
        assert name.split("/")[0] in SHELVES | {own}, f"{path} borrows {name}"


@pytest.mark.parametrize("path", templates(), ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_a_template_imports_only_what_it_calls(path):
    text = path.read_text()
    for names in re.findall(r'{%-?\s*from\s+"[^"]+"\s+import\s+([^%]+?)-?%}', text):
        for name in names.replace("with context", "").split(","):
            called = name.split(" as ")[-1].strip()
            assert len(re.findall(rf"\b{re.escape(called)}\b", text)) > 1, f"{path}: {called}"


@pytest.mark.parametrize("path", templates(), ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_a_template_trusts_nothing_and_holds_nothing_inline(path):
    text = path.read_text()
    assert "|safe" not in text.replace(" ", ""), path
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", text), path
    assert not re.search(r"\sstyle=", text), path
