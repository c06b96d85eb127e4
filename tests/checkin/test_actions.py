from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.checkin.actions.checking_in import Scan, check_in
from app.checkin.actions.correcting import (
    AlreadyUndone,
    Correction,
    NoReason,
    NotYet,
    TooLateToUndo,
    correct,
    undo_at_the_door,
)
from app.checkin.models import Attendance, AttendanceEvent, DoorRole
from app.checkin.queries.attendance import attendance_of, attendances_in
from app.checkin.queries.counting import counts_at
from app.checkin.queries.log import lines_of
from app.checkin.rules.answers import Tone
from app.checkin.rules.log import Kind, Method, Outcome
from app.checkin.rules.presence import Flag, Presence
from app.kernel.actor import SYSTEM, Actor
from app.plumbing.audit import AuditEntry
from app.plumbing.database import db, transaction
from app.registration.actions.codes import pass_code, replace_code
from app.registration.models import Status
from tests.factories.checkin import HOST, a_desk, a_point, scanned
from tests.factories.events import SUMMIT_STARTS, an_event
from tests.factories.people import a_person, an_account
from tests.factories.programmes import a_programme, a_team
from tests.factories.registration import a_registration, the_code_of
from tests.statements import count_statements
from tests.together import at_once

AT = datetime(2026, 3, 26, 9, 21, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def summit(app):
    return an_event(a_programme())


@pytest.fixture
def desk(summit):
    return a_desk(summit, point=a_point(summit))


@pytest.fixture
def gwen(summit):
    team = a_team(summit.programme, "Hill Top")
    return a_registration(summit, a_person("Gwen Price"), team, photo_consent=True)


def the_pass_of(registration):
    return f"HTTPS://{HOST}/K/{pass_code(the_code_of(registration))}"


def how_many(model=AttendanceEvent):
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_pass_checks_its_owner_in(desk, gwen):
    answer = scanned(the_pass_of(gwen), desk, at=AT)

    assert (answer.tone, answer.heading) == (Tone.GREEN, "Gwen Price – Hill Top")
    attendance = attendance_of(gwen)
    assert (attendance.status, attendance.arrived_at) == (Presence.PRESENT, AT)
    line = lines_of(gwen)[0]
    assert (line.device_id, line.point_id) == (desk.device_id, desk.point_id)
    assert (line.actor_kind, line.actor_label) == ("door", "Bea")


def test_the_short_code_does_it_too(desk, gwen):
    short = the_code_of(gwen).short_code

    answer = scanned(f"{short[:3]} {short[3:]}".lower(), desk, at=AT, method=Method.TYPED_CODE)

    assert answer.outcome is Outcome.ADMITTED
    assert attendance_of(gwen).method is Method.TYPED_CODE


def test_a_second_scan_says_since_when_and_changes_nothing(desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT)

    answer = scanned(the_pass_of(gwen), desk, at=AT + 9 * MINUTE)

    assert answer.heading == "Already here since 9.21 am (Front door)"
    assert attendance_of(gwen).arrived_at == AT
    assert how_many(Attendance) == 1


def test_the_same_scan_again_gets_the_first_answer_and_leaves_no_line(desk, gwen):
    scan_id = uuid4()
    first = scanned(the_pass_of(gwen), desk, at=AT, scan_id=scan_id)

    again = [scanned(the_pass_of(gwen), desk, at=AT + MINUTE, scan_id=scan_id) for _ in range(3)]

    assert again == [first] * 3
    assert how_many() == 1


def test_the_same_second_scan_again_gets_its_own_first_answer(desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT)
    scan_id = uuid4()
    first = scanned(the_pass_of(gwen), desk, at=AT + MINUTE, scan_id=scan_id)
    scanned(
        the_pass_of(gwen), desk, at=AT + 2 * MINUTE, scanned_at=AT - MINUTE, sent_at=AT + MINUTE
    )

    again = scanned(the_pass_of(gwen), desk, at=AT + 3 * MINUTE, scan_id=scan_id)

    assert again == first


def test_a_scan_that_was_kept_without_a_network_counts_from_when_it_happened(desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT)

    wrong_clock = timedelta(hours=36)
    scanned(
        the_pass_of(gwen),
        desk,
        at=AT + 30 * MINUTE,
        scanned_at=AT - 5 * MINUTE + wrong_clock,
        sent_at=AT + 30 * MINUTE + wrong_clock,
    )

    assert attendance_of(gwen).arrived_at == AT - 5 * MINUTE


def test_a_doubtful_time_is_kept_flagged_and_no_arrival(desk, gwen):
    answer = scanned(the_pass_of(gwen), desk, at=AT, scanned_at=AT + timedelta(days=1))

    assert answer.outcome is Outcome.ADMITTED
    attendance = attendance_of(gwen)
    assert (attendance.arrived_at, attendance.flag) == (None, Flag.DOUBTFUL_TIME)
    assert lines_of(gwen)[0].scanned_at == AT + timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (Status.CANCELLED, Outcome.CANCELLED),
        (Status.INVITED, Outcome.NOT_BOOKED),
        (Status.DECLINED, Outcome.NOT_BOOKED),
    ],
)
def test_without_a_booking_nobody_is_admitted_but_the_scan_is_kept(summit, desk, status, outcome):
    place = a_registration(summit, status=status, ended_at=AT - timedelta(days=1))

    answer = scanned(the_pass_of(place), desk, at=AT)

    assert (answer.outcome, answer.tone) == (outcome, Tone.RED)
    assert attendance_of(place) is None
    assert [line.outcome for line in lines_of(place)] == [outcome]


def test_a_pass_for_another_event_of_the_programme_says_which(summit, desk):
    session = an_event(
        summit.programme, "ls3", title="Learning session 3", starts_at=AT - timedelta(days=70)
    )
    place = a_registration(session, a_person("Lee Grant"))

    answer = scanned(the_pass_of(place), desk, at=AT)

    assert answer.heading == "Not for this event"
    assert answer.lines[0] == "Lee Grant"
    assert "This pass is for Learning session 3 on 15 January." in answer.lines[1]
    assert db.session.scalars(select(AttendanceEvent.outcome)).one() is Outcome.OTHER_EVENT


def test_a_pass_of_another_programme_tells_no_name(app, desk):
    elsewhere = an_event(a_programme("elsewhere"))
    place = a_registration(elsewhere, a_person("Lee Grant"))

    answer = scanned(the_pass_of(place), desk, at=AT)

    assert answer.outcome is Outcome.OTHER_EVENT
    assert "Lee" not in " ".join(answer.lines)


def test_a_short_code_means_nothing_in_another_programme(app, desk):
    place = a_registration(an_event(a_programme("elsewhere")))

    answer = scanned(the_code_of(place).short_code, desk, at=AT)

    assert answer.outcome is Outcome.UNKNOWN


def test_somebody_of_the_programme_without_any_booking_is_not_booked(summit, desk, gwen):
    other = an_event(summit.programme, "ls3", title="Learning session 3")
    place = a_registration(other, status=Status.CANCELLED)

    assert scanned(the_pass_of(place), desk, at=AT).outcome is Outcome.NOT_BOOKED


def test_a_pass_that_was_replaced_says_so(desk, gwen):
    old = the_pass_of(gwen)
    with transaction():
        replace_code(the_code_of(gwen), by=SYSTEM, at=AT)

    assert scanned(old, desk, at=AT).outcome is Outcome.REPLACED
    assert scanned(the_pass_of(gwen), desk, at=AT).outcome is Outcome.ADMITTED


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("0" * 26, Outcome.UNKNOWN), ("ZZZ-ZZZ", Outcome.UNKNOWN), ("a bag tag", Outcome.MALFORMED)],
)
def test_codes_that_mean_nothing_are_kept_without_a_name(desk, code, outcome):
    scan_id = uuid4()

    answers = {scanned(code, desk, at=AT, scan_id=scan_id) for _ in range(2)}

    assert [answer.outcome for answer in answers] == [outcome]
    assert how_many() == 1


@pytest.mark.parametrize("minutes", [-90 - 1, 6 * 60 + 1])
def test_nobody_is_checked_in_before_it_opens_or_after_its_end(desk, gwen, minutes):
    answer = scanned(the_pass_of(gwen), desk, at=SUMMIT_STARTS + minutes * MINUTE)

    assert answer.outcome is Outcome.NOT_OPEN
    assert attendance_of(gwen) is None


def test_a_scan_asks_few_statements(summit, gwen):
    desk, code, scan_id = a_desk(summit), the_pass_of(gwen), uuid4()
    a_registration(summit)

    with count_statements() as first:
        scanned(code, desk, at=AT, scan_id=scan_id)
        counts_at(desk.event_id)
    with count_statements() as again:
        scanned(code, desk, at=AT, scan_id=scan_id)

    # The entrance asks one more: whose door this is.
    assert len(first) == 5, first
    assert len(again) == 2, again


def test_a_code_with_no_place_asks_few_statements(summit, desk):
    an_other = an_event(summit.programme, "ls3", title="Learning session 3")
    code = the_pass_of(a_registration(an_other))

    with count_statements() as asked:
        scanned(code, desk, at=AT)
        counts_at(desk.event_id)

    assert len(asked) == 5, asked


def the_only_line():
    return db.session.scalars(select(AttendanceEvent)).one()


def undone(line, desk, *, at, reason="Wrong person"):
    with transaction():
        return undo_at_the_door(line, desk=desk, reason=reason, submission_id=uuid4(), at=at)


def test_undo_is_a_line_of_its_own_that_says_who_and_why(desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT)

    undone(the_only_line(), desk, at=AT + MINUTE)

    entered, taken_back = lines_of(gwen)
    assert attendance_of(gwen).status is Presence.EXPECTED
    assert (taken_back.kind, taken_back.undoes_id) == (Kind.UNDONE, entered.id)
    assert (taken_back.reason, taken_back.actor_label) == ("Wrong person", "Bea")
    assert counts_at(gwen.event_id).here == 0


def test_undo_needs_a_reason(desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT)

    with pytest.raises(NoReason):
        undone(the_only_line(), desk, at=AT, reason="  ")


def test_a_steward_undoes_for_ten_minutes_and_the_desk_later(summit, desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT)
    line = the_only_line()

    with pytest.raises(TooLateToUndo):
        undone(line, desk, at=AT + 11 * MINUTE)
    with pytest.raises(TooLateToUndo):
        undone(line, a_desk(summit), at=AT + MINUTE)
    assert undone(line, a_desk(summit, DoorRole.SUPERVISOR), at=AT + 60 * MINUTE).arrived_at is None


def test_what_was_undone_is_not_undone_again(desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT)
    line = the_only_line()
    undone(line, desk, at=AT)

    with pytest.raises(AlreadyUndone):
        undone(line, desk, at=AT)


def test_the_same_undo_sent_twice_is_one(desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT)
    line, submission_id = the_only_line(), uuid4()

    for _ in range(2):
        with transaction():
            undo_at_the_door(line, desk=desk, reason="Oops", submission_id=submission_id, at=AT)

    assert how_many() == 2


def test_whoever_was_undone_can_come_in_again(desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT)
    undone(the_only_line(), desk, at=AT)

    assert scanned(the_pass_of(gwen), desk, at=AT + MINUTE).outcome is Outcome.ADMITTED
    assert attendance_of(gwen).arrived_at == AT + MINUTE


def corrected(registration, kind, *, at=AT, **facts):
    account = an_account("Helen Shaw")
    correction = Correction(kind=kind, submission_id=uuid4(), **{"reason": "Told us", **facts})
    with transaction():
        return correct(registration, correction, by=Actor("staff", account.id, "Helen"), at=at)


def test_an_organiser_records_who_was_here_and_when(gwen):
    corrected(gwen, Kind.ENTERED, at=AT + 60 * MINUTE, happened_at=AT)
    corrected(gwen, Kind.LEFT, at=AT + 90 * MINUTE, happened_at=AT + 80 * MINUTE)

    attendance = attendance_of(gwen)
    assert attendance.status is Presence.LEFT
    assert (attendance.arrived_at, attendance.left_at) == (AT, AT + 80 * MINUTE)
    verbs = db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.at)).all()
    assert verbs == ["attendance.entered", "attendance.left"]


def test_apologies_and_what_was_made_up_keep_their_evidence(gwen):
    corrected(gwen, Kind.EXCUSED, reason="On call")
    stay = corrected(gwen, Kind.MADE_UP, reason="Watched the recording, sent notes")

    assert stay.status is Presence.MADE_UP
    assert sorted(line.reason for line in lines_of(gwen)) == [
        "On call",
        "Watched the recording, sent notes",
    ]


def test_confirming_clears_the_doubt(desk, gwen):
    scanned(the_pass_of(gwen), desk, at=AT, scanned_at=AT + timedelta(days=1))

    stay = corrected(gwen, Kind.CONFIRMED, at=AT + MINUTE, happened_at=AT, reason="Seen at desk")

    assert (stay.flag, stay.arrived_at) == (Flag.NONE, AT)


def test_nothing_is_recorded_for_a_time_to_come(gwen):
    with pytest.raises(NotYet):
        corrected(gwen, Kind.LEFT, happened_at=AT + MINUTE)


@pytest.mark.parametrize("people", [1, 3])
def test_everything_of_a_programme_comes_in_one_statement(summit, desk, people):
    for _ in range(people):
        scanned(the_pass_of(a_registration(summit)), desk, at=AT)
    programme = summit.programme

    with count_statements() as asked:
        found = attendances_in(programme)
        words = [(a.registration.person.name, a.registration.event.title, a.status) for a in found]

    assert len(words) == people
    assert len(asked) == 1


@pytest.mark.parametrize("trial", range(5))
def test_two_doors_at_the_same_moment_make_one_attendance(app, summit, gwen, trial):
    desks, code, scan_id = [a_desk(summit) for _ in range(4)], the_pass_of(gwen), uuid4()
    answers = []

    def work(desk, minutes):
        scan = Scan(scan_id=scan_id, code=code)
        answers.append(check_in(scan, desk=desk, host=HOST, at=AT + minutes * MINUTE))

    works = [lambda desk=desk, n=n: work(desk, n) for n, desk in enumerate(desks) for _ in "ab"]
    assert at_once(app, *works) == []
    assert how_many(Attendance) == 1
    assert how_many() == 4  # one line for each door, however often it sent it
    assert attendance_of(gwen).arrived_at == AT
    assert sorted(answer.outcome for answer in answers)[:2] == [Outcome.ADMITTED] * 2


def test_an_unknown_code_sent_twice_at_once_is_one_line(app, desk):
    scan = Scan(scan_id=uuid4(), code="0" * 26)

    def work():
        check_in(scan, desk=desk, host=HOST, at=AT)

    assert at_once(app, *[work] * 6) == []
    assert how_many() == 1
