"""Inviting from a list: upload it, see what would happen to every row, send it, watch it go out."""

from collections import Counter
from typing import Any
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.events.models import Event
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.answers import part_answer
from app.plumbing.database import transaction
from app.plumbing.mail import mail_settings
from app.plumbing.spreadsheets import MOST_BYTES, CannotRead, csv_export, read_table
from app.programmes.queries import Staff, teams_of
from app.registration import forms
from app.registration.actions import lists
from app.registration.actions.booking import is_closed
from app.registration.models import InvitationList, Status
from app.registration.queries import (
    counts_by_status,
    list_at,
    verdicts_on,
)
from app.registration.rules.columns import recognised_source, what_is_missing
from app.registration.rules.importing import Outcome, rejected_table
from app.registration.views.organiser.blueprint import pages
from app.registration.views.organiser.list_lines import (
    JUDGED_CHIPS,
    SENT_CHIPS,
    judged_lines,
    page_of,
    sent_lines,
)

UPLOAD_PAGE = "registration/organiser/upload.html"
LIST_PAGE = "registration/organiser/invitation_list.html"
MOST_TO_UPLOAD = MOST_BYTES + 1024 * 1024
"""A file that is a little too large still gets its sentence beside the field."""
MOST_HELD = 512 * 1024

TEMPLATE_COLUMNS = (
    "Name",
    "E-mail address",
    "Practice",
    "Role",
    "Name on certificate",
    "Diet",
    "Access needs",
)


@pages.url_value_preprocessor
def let_a_file_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let the one page that takes a file have as much as a list may weigh.

    The entrance has turned strangers away by now, and nothing has read the form yet.
    """
    if endpoint == "organiser.registration.upload_list":
        request.max_content_length = MOST_TO_UPLOAD
        # It bounds what is held of a file while it is searched for its end, too.
        request.max_form_memory_size = MOST_HELD


@pages.get("/<programme_slug>/events/<event_slug>/invitations/lists/new")
@needs(Permission.IMPORT_PEOPLE)
def upload(staff: Staff, event: Event) -> ResponseReturnValue:
    """Ask for the file and say what it may look like."""
    return _upload_page(staff, event, forms.UploadedList())


@pages.post("/<programme_slug>/events/<event_slug>/invitations/lists/new")
@needs(Permission.IMPORT_PEOPLE)
def upload_list(staff: Staff, event: Event) -> ResponseReturnValue:
    """Read the file and show what would happen to every row; nobody is invited yet."""
    form = forms.UploadedList()
    if not form.validate_on_submit():
        return _upload_page(staff, event, form), 422
    try:
        table = read_table(form.content, filename=form.filename)
    except CannotRead as why:
        form.refuse(str(why))
        return _upload_page(staff, event, form), 422

    with transaction():
        listed = lists.take_list(event, table, filename=form.filename, by=staff.actor, at=now())
    return redirect(_address(event, listed.id))


def _upload_page(staff: Staff, event: Event, form: forms.UploadedList) -> str:
    return render_template(
        UPLOAD_PAGE,
        staff=staff,
        event=event,
        form=form,
        columns=TEMPLATE_COLUMNS,
        is_closed=is_closed(event, now()),
    )


@pages.get("/<programme_slug>/events/<event_slug>/invitations/lists/template")
@needs(Permission.IMPORT_PEOPLE)
def list_template(
    staff: Staff,
    event: Event,
) -> ResponseReturnValue:
    """Hand out an empty list with the columns that we know, and one row that shows how."""
    team = next(iter(teams_of(event.programme)), None)
    example = (
        "Gwen Price (an example: replace this row)",
        "gwen.price@practice.example",
        team.name if team else "",
        "Practice manager",
        "Dr Gwen Price",
        "Vegetarian",
        "Hearing loop",
    )
    return _csv("people to invite", csv_export(TEMPLATE_COLUMNS, [example]))


@pages.get("/<programme_slug>/events/<event_slug>/invitations/lists/<uuid:list_id>")
@needs(Permission.IMPORT_PEOPLE)
def invitation_list(staff: Staff, event: Event, list_id: UUID) -> ResponseReturnValue:
    """Show what would happen to every row of a list; or, once it is sent, how far it is."""
    listed = list_at(event, list_id) or abort(404)
    if listed.sent_at is not None:
        return _sent(staff, event, listed)
    return _preview(staff, event, listed, _columns_form(listed))


@pages.post("/<programme_slug>/events/<event_slug>/invitations/lists/<uuid:list_id>/columns")
@needs(Permission.IMPORT_PEOPLE)
def choose_columns(staff: Staff, event: Event, list_id: UUID) -> ResponseReturnValue:
    """Read the list anew with the columns that the organiser chose."""
    listed = list_at(event, list_id) or abort(404)
    form = _columns_form(listed)
    if not form.validate_on_submit():
        return _preview(staff, event, listed, form), 422

    with transaction():
        lists.correct_columns(listed, form.mapping, by=staff.actor, at=now())
    flash("The list was checked again with these columns.", "success")
    return redirect(_address(event, list_id))


@pages.post("/<programme_slug>/events/<event_slug>/invitations/lists/<uuid:list_id>/sending")
@needs(Permission.IMPORT_PEOPLE)
def send_invitations(staff: Staff, event: Event, list_id: UUID) -> ResponseReturnValue:
    """Let the invitations go out; pressed twice, they go out once."""
    listed = list_at(event, list_id) or abort(404)
    form = forms.SendList()
    if not form.validate_on_submit():
        abort(400)
    try:
        with transaction():
            lists.send_list(listed, expected=form.expected_number, by=staff.actor, at=now())
    except lists.ListHasChanged as why:
        flash(str(why), "warning")
    return redirect(_address(event, list_id))


@pages.get("/<programme_slug>/events/<event_slug>/invitations/lists/<uuid:list_id>/fixing")
@needs(Permission.IMPORT_PEOPLE)
def rows_to_fix(
    staff: Staff,
    event: Event,
    list_id: UUID,
) -> ResponseReturnValue:
    """Hand out the rows that bring nobody, as they were, each with its reason."""
    listed = list_at(event, list_id) or abort(404)
    header, rows = rejected_table(listed.headers, verdicts_on(listed))
    return _csv("rows that need fixing", csv_export(header, rows))


@pages.post("/<programme_slug>/events/<event_slug>/invitations/lists/<uuid:list_id>/removal")
@needs(Permission.IMPORT_PEOPLE)
def remove_list(staff: Staff, event: Event, list_id: UUID) -> ResponseReturnValue:
    """Delete a list that was not sent."""
    listed = list_at(event, list_id) or abort(404)
    with transaction():
        lists.remove_list(listed, by=staff.actor, at=now())
    flash("The list is deleted. Nobody on it was invited.", "success")
    return redirect(url_for(".upload", programme_slug=event.programme.slug, event_slug=event.slug))


def _preview(staff: Staff, event: Event, listed: InvitationList, form: forms.ListColumns) -> str:
    lines = judged_lines(listed, verdicts_on(listed))
    counts = Counter(line.key for line in lines)
    to_invite = counts[Outcome.NEW] + counts[Outcome.KNOWN]
    return render_template(
        LIST_PAGE,
        staff=staff,
        event=event,
        listed=listed,
        form=form,
        counts=counts,
        to_invite=to_invite,
        sending=forms.SendList(formdata=None, expected=to_invite),
        source=recognised_source(listed.headers),
        missing=what_is_missing(listed.mapping),
        too_many=_more_than_places(event, to_invite),
        is_closed=is_closed(event, now()),
        forgotten_on=listed.uploaded_at + lists.UNSENT_FOR,
        **page_of(lines, JUDGED_CHIPS, counts),
    )


def _sent(staff: Staff, event: Event, listed: InvitationList) -> ResponseReturnValue:
    verdicts = verdicts_on(listed)
    lines = sent_lines(listed, verdicts)
    counts = Counter(line.key for line in lines)
    is_part = bool(request.args.get("part"))
    name = "_sent" if is_part else "invitation_list"
    page = render_template(
        f"registration/organiser/{name}.html",
        staff=staff,
        event=event,
        listed=listed,
        counts=counts,
        invited=counts["queued"] + counts["sent"] + counts["back"],
        mail_is_kept=mail_settings().smtp_url is None,
        forgotten_on=listed.sent_at + lists.ROWS_KEPT_FOR if listed.sent_at else None,
        **page_of(lines, SENT_CHIPS, counts),
    )
    return part_answer(page) if is_part else page


def _more_than_places(event: Event, to_invite: int) -> int:
    """Return how many more people would be invited or booked than there are places."""
    counts = counts_by_status(event)
    expected = counts.get(Status.CONFIRMED, 0) + counts.get(Status.INVITED, 0) + to_invite
    return max(expected - event.capacity, 0) if event.capacity is not None and to_invite else 0


def _columns_form(listed: InvitationList) -> forms.ListColumns:
    form = forms.ListColumns(data=forms.ListColumns.known(listed.mapping))
    form.offer(listed.headers)
    return form


def _address(event: Event, list_id: UUID) -> str:
    return url_for(
        ".invitation_list",
        programme_slug=event.programme.slug,
        event_slug=event.slug,
        list_id=list_id,
    )


def _csv(name: str, content: bytes) -> Response:
    return Response(
        content,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
