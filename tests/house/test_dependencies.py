"""What Hooray stands on is named, locked and told; registries are the installer's own affair."""

import json
import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = ["requirements.in", "tests/requirements.in", "bin/installer.in"]
LOCKS = [*(name.replace(".in", ".txt") for name in LISTS), "bin/node.txt"]
TOLD_TOGETHER = re.compile(r"^types-")


def names_in(list_name: str) -> set[str]:
    lines = (ROOT / list_name).read_text().splitlines()
    return {
        re.split(r"[\[=<>~ ]", line)[0]
        for line in lines
        if line and not line.startswith(("#", "-"))
    }


def spelt_alike(name: str) -> str:
    return re.sub(r"[-_. ]", "", name).lower()


@pytest.mark.parametrize("name", LISTS)
def test_every_package_is_in_the_table_of_the_readme(name):
    told = spelt_alike((ROOT / "README.md").read_text())

    assert [
        package
        for package in sorted(names_in(name))
        if not TOLD_TOGETHER.match(package) and spelt_alike(package) not in told
    ] == []


@pytest.mark.parametrize("name", LISTS)
def test_every_package_is_locked(name):
    lock = (ROOT / name.replace(".in", ".txt")).read_text()
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))

    assert names_in(name) <= locked


@pytest.mark.parametrize("name", [*LISTS, *LOCKS, "package.json", "package-lock.json", ".npmrc"])
def test_no_list_names_a_registry(name):
    text = (ROOT / name).read_text()

    assert (
        re.findall(r"--(?:extra-)?index-url|registry\s*=|\"resolved\"|https?://\S+\.tgz", text)
        == []
    )


def test_every_part_of_the_front_end_is_locked_by_its_content():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    assert [name for name, part in packages.items() if name and "integrity" not in part] == []


def test_the_kit_and_its_templates_are_of_one_release():
    kit = json.loads((ROOT / "package.json").read_text())["devDependencies"]["nhsuk-frontend"]
    templates = metadata("nhsuk-frontend-jinja")

    assert f"| {kit} | {templates['Version']} |" in str(templates.get_payload())
