"""What a questionnaire asks: areas, items and the scale, as one value that can be kept and compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.kernel.refusal import Refusal

FEWEST_STEPS, MOST_STEPS = 3, 7
FEWEST_AREAS, MOST_AREAS = 3, 8
"""A radar of two spokes is a line; one of more than eight cannot be read on a phone."""
MOST_ITEMS = 10
LONGEST_TITLE, LONGEST_ITEM, LONGEST_STEP = 80, 200, 40


class NotAQuestionnaire(Refusal):
    """What was written down cannot be put to anybody; the sentence says what to mend."""


@dataclass(frozen=True)
class Item:
    """One statement that people rate themselves on; its version counts the times it asked anew."""

    id: str
    text: str
    version: int = 1


@dataclass(frozen=True)
class Area:
    """A group of items, and one spoke of the radar chart."""

    id: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Sheet:
    """A whole questionnaire as people are asked it; the first step of the scale counts 1."""

    scale: tuple[str, ...]
    areas: tuple[Area, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return every item, in the order in which they are asked."""
        return tuple(item for area in self.areas for item in area.items)

    @property
    def highest(self) -> int:
        """Return what the last step of the scale counts."""
        return len(self.scale)

    def area(self, area_id: str) -> Area | None:
        """Return the area with this id."""
        return next((area for area in self.areas if area.id == area_id), None)

    def asks_the_same(self, other: "Sheet", area_id: str) -> bool:
        """Say whether the figures of an area mean the same in both: same items, same scale.

        An item that was put anew is another question, and a mean over other questions says nothing
        about growth; so the chart says "not comparable" instead of drawing it.
        """
        mine, theirs = self.area(area_id), other.area(area_id)
        if mine is None or theirs is None or self.scale != other.scale:
            return False
        return _asked(mine) == _asked(theirs)

    def asks_item_the_same(self, other: "Sheet", item_id: str) -> bool:
        """Say whether one item is the same question in both."""
        mine, theirs = ({item.id: item.version for item in one.items} for one in (self, other))
        return (
            self.scale == other.scale and item_id in mine and mine[item_id] == theirs.get(item_id)
        )


def _asked(area: Area) -> frozenset[tuple[str, int]]:
    return frozenset((item.id, item.version) for item in area.items)


STANDARD = Sheet(
    scale=(
        "Not yet confident",
        "Slightly confident",
        "Fairly confident",
        "Confident",
        "Confident enough to teach it",
    ),
    areas=(
        Area(
            "planning",
            "Planning an improvement project",
            (
                Item(
                    "plan-aim",
                    "I can write an aim that says what will improve, by how much and by when.",
                ),
                Item(
                    "plan-people",
                    "I can bring together the people whom a change needs, patients among them.",
                ),
                Item(
                    "plan-process",
                    "I can draw how a piece of our work runs now, with everybody who does it.",
                ),
                Item("plan-ideas", "I can show how our ideas for change lead to our aim."),
            ),
        ),
        Area(
            "methodology",
            "Methodology",
            (
                Item("method-model", "I can explain the Model for Improvement to a colleague."),
                Item(
                    "method-tools",
                    "I can choose a fitting tool, such as a process map or a waste walk.",
                ),
                Item(
                    "method-causes",
                    "I can find the causes of a problem before I settle on a solution.",
                ),
                Item(
                    "method-lead",
                    "I can lead a short meeting in which a team works on its improvement.",
                ),
            ),
        ),
        Area(
            "testing",
            "Testing change",
            (
                Item("test-small", "I can plan a test small enough to try on one day."),
                Item("test-predict", "I can write down what I expect before we try a change."),
                Item(
                    "test-study",
                    "I can compare what happened with what we expected, and say what we learnt.",
                ),
                Item(
                    "test-next",
                    "I can decide with my team whether to adopt, adapt or drop a change.",
                ),
            ),
        ),
        Area(
            "data",
            "Data",
            (
                Item(
                    "data-choose", "I can choose a few measures that show whether a change helps."
                ),
                Item("data-collect", "I can collect data in the course of our daily work."),
                Item("data-chart", "I can draw a run chart and read it."),
                Item("data-balance", "I can look out for harm that a change may do elsewhere."),
            ),
        ),
    ),
)
"""What every programme starts with; the lead edits it before the first round."""


def as_data(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as plain values, to be kept."""
    return {
        "scale": list(sheet.scale),
        "areas": [
            {
                "id": area.id,
                "title": area.title,
                "items": [{"id": i.id, "text": i.text, "version": i.version} for i in area.items],
            }
            for area in sheet.areas
        ],
    }


def from_data(kept: Mapping[str, Any]) -> Sheet:
    """Return the sheet that was kept as plain values."""
    return Sheet(
        scale=tuple(kept["scale"]),
        areas=tuple(
            Area(area["id"], area["title"], tuple(Item(**item) for item in area["items"]))
            for area in kept["areas"]
        ),
    )


def refuse_unfit(sheet: Sheet) -> None:
    """Refuse a sheet that cannot be asked or drawn, with the sentence that says what to mend."""
    problem = next(_problems(sheet), None)
    if problem is not None:
        raise NotAQuestionnaire(problem)


def _problems(sheet: Sheet) -> Iterator[str]:
    if not FEWEST_STEPS <= len(sheet.scale) <= MOST_STEPS:
        yield f"Give the scale {FEWEST_STEPS} to {MOST_STEPS} steps, one a line."
    if len(set(sheet.scale)) < len(sheet.scale):
        yield "Two steps of the scale have the same name. Give each its own."
    if any(len(step) > LONGEST_STEP for step in sheet.scale):
        yield f"Shorten each step of the scale to {LONGEST_STEP} characters or fewer."
    if not FEWEST_AREAS <= len(sheet.areas) <= MOST_AREAS:
        yield f"Keep {FEWEST_AREAS} to {MOST_AREAS} areas: each is a spoke of the chart."
    for area in sheet.areas:
        yield from _problems_of(area)


def _problems_of(area: Area) -> Iterator[str]:
    if not area.title:
        yield "An area has no title. Give it one."
    if len(area.title) > LONGEST_TITLE:
        yield f"Shorten the title “{area.title[:30]}…” to {LONGEST_TITLE} characters or fewer."
    if not 1 <= len(area.items) <= MOST_ITEMS:
        yield f"“{area.title}” needs 1 to {MOST_ITEMS} statements."
    for item in area.items:
        if not item.text:
            yield f"A statement in “{area.title}” is empty. Write it, or remove it."
        if len(item.text) > LONGEST_ITEM:
            yield f"Shorten “{item.text[:30]}…” to {LONGEST_ITEM} characters or fewer."


@dataclass(frozen=True)
class Reworded:
    """An item of a draft that says something else than the version in use."""

    item: Item
    before: str


def reworded(draft: Sheet, in_use: Sheet) -> Sequence[Reworded]:
    """Return the items whose words are not those in use."""
    known = {item.id: item.text for item in in_use.items}
    return [
        Reworded(item, known[item.id])
        for item in draft.items
        if item.id in known and known[item.id] != item.text
    ]


def put_into_use(draft: Sheet, in_use: Sheet, *, asks_the_same: frozenset[str]) -> Sheet:
    """Return the draft with a new version for each reworded item, unless it still asks the same."""
    versions = {item.id: item.version for item in in_use.items}
    anew = {one.item.id for one in reworded(draft, in_use)} - asks_the_same

    def versioned(item: Item) -> Item:
        standing = versions.get(item.id, 1)
        return replace(item, version=standing + 1 if item.id in anew else standing)

    return replace(
        draft,
        areas=tuple(
            replace(area, items=tuple(versioned(item) for item in area.items))
            for area in draft.areas
        ),
    )


# Editing: each act takes a sheet and returns the next one, so that a key press is a plain function.


def moved(sheet: Sheet, part_id: str, step: int) -> Sheet:
    """Return the sheet with an area or an item one place up (-1) or down (1); at an end it stays."""
    areas = list(sheet.areas)
    place = next((n for n, area in enumerate(areas) if area.id == part_id), None)
    if place is not None:
        return replace(sheet, areas=tuple(_swapped(areas, place, step)))
    return replace(
        sheet,
        areas=tuple(replace(area, items=_moved_item(area.items, part_id, step)) for area in areas),
    )


def _moved_item(items: tuple[Item, ...], item_id: str, step: int) -> tuple[Item, ...]:
    place = next((n for n, item in enumerate(items) if item.id == item_id), None)
    return items if place is None else tuple(_swapped(list(items), place, step))


def _swapped(things: list[Any], place: int, step: int) -> list[Any]:
    other = place + step
    if 0 <= other < len(things):
        things[place], things[other] = things[other], things[place]
    return things


def without(sheet: Sheet, part_id: str) -> Sheet:
    """Return the sheet without an area or an item."""
    return replace(
        sheet,
        areas=tuple(
            replace(area, items=tuple(item for item in area.items if item.id != part_id))
            for area in sheet.areas
            if area.id != part_id
        ),
    )


def with_item(sheet: Sheet, area_id: str, item_id: str) -> Sheet:
    """Return the sheet with an empty item at the end of an area."""
    return replace(
        sheet,
        areas=tuple(
            replace(area, items=(*area.items, Item(item_id, ""))) if area.id == area_id else area
            for area in sheet.areas
        ),
    )


def with_area(sheet: Sheet, area_id: str, item_id: str) -> Sheet:
    """Return the sheet with another area at its end, with one empty item."""
    return replace(sheet, areas=(*sheet.areas, Area(area_id, "", (Item(item_id, ""),))))


def with_words(sheet: Sheet, words: Mapping[str, str], scale: Sequence[str]) -> Sheet:
    """Return the sheet with these words in its areas and items, by their ids, and this scale."""
    return Sheet(
        scale=tuple(scale),
        areas=tuple(
            replace(
                area,
                title=words.get(area.id, area.title),
                items=tuple(
                    replace(item, text=words.get(item.id, item.text)) for item in area.items
                ),
            )
            for area in sheet.areas
        ),
    )
