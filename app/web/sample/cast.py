"""Who and what is in the sample programme; every person and practice is fictional."""

from dataclasses import dataclass, field
from datetime import time, timedelta

from app.events.models import EventKind
from app.programmes.rules import Role

SLUG = "practices-improving-together"
TITLE = "Practices Improving Together 2025–26"
HOST = "Northvale Improvement"
COMMISSIONER = "Northvale Health Board"
PREFIX = "PIT-2026"
AIMS = "Give patients a quicker answer and staff more time to care, one tested change at a time."
PASSWORD = "improving-together"  # noqa: S105 - the sample's, printed by ./run
MAIL_DOMAIN = "northvale.example"


@dataclass(frozen=True)
class StaffMember:
    """Somebody who runs the programme."""

    name: str
    email: str
    role: Role
    does: str


STAFF = (
    StaffMember("Helen Shaw", f"helen@{MAIL_DOMAIN}", Role.LEAD, "programme lead"),
    StaffMember("Priya Nair", f"priya@{MAIL_DOMAIN}", Role.ORGANISER, "organiser"),
    StaffMember("Marcus Obi", f"marcus@{MAIL_DOMAIN}", Role.FACILITATOR, "facilitator"),
    StaffMember("Asha Patel", f"asha@{MAIL_DOMAIN}", Role.COACH, "improvement coach"),
    StaffMember("Tom Leigh", f"tom@{MAIL_DOMAIN}", Role.COACH, "improvement coach"),
)
ADMINISTRATOR = StaffMember("Sam Ortiz", f"sam@{MAIL_DOMAIN}", Role.ADMINISTRATOR, "administrator")


@dataclass(frozen=True)
class SampleEvent:
    """An event, so many days before the summit."""

    slug: str
    kind: EventKind
    title: str
    days_before: int
    venue: str
    summary: str
    capacity: int = 60


LAUNCH, FIRST, SECOND, THIRD, SUMMIT = "launch", "ls1", "ls2", "ls3", "summit"
LEARNING_SESSIONS = (FIRST, SECOND, THIRD)
STARTS, LASTS = time(9, 30), timedelta(hours=6)
EVENTS = (
    SampleEvent(
        LAUNCH,
        EventKind.LAUNCH,
        "Launch",
        350,
        "Northvale Town Hall",
        "Why we are here, what the data say, and what each practice wants to change.",
    ),
    SampleEvent(
        FIRST,
        EventKind.LEARNING_SESSION,
        "Learning session 1",
        287,
        "Old Library",
        "Aims that can be measured, and the first small test.",
    ),
    SampleEvent(
        SECOND,
        EventKind.LEARNING_SESSION,
        "Learning session 2",
        189,
        "Old Library",
        "Process maps, waste walks and what the first tests taught us.",
    ),
    SampleEvent(
        THIRD,
        EventKind.LEARNING_SESSION,
        "Learning session 3",
        63,
        "Canal Works",
        "Run charts, and how to keep what works.",
    ),
    SampleEvent(
        SUMMIT,
        EventKind.SUMMIT,
        "Summit",
        0,
        "Council Chamber",
        "Eight practices show what they changed, agree what comes next, and are recognised.",
    ),
)


@dataclass(frozen=True)
class Somebody:
    """A member of a practice: what they do there, which events they missed, what they need."""

    name: str
    role: str
    missed: tuple[str, ...] = ()
    made_up: tuple[str, ...] = ()
    diet: str = ""
    diet_other: str = ""
    adjustments: tuple[str, ...] = ()
    access_other: str = ""
    phone: str = ""
    photo: bool = True
    arrives: int = 0  # minutes after the summit's start, in the afternoon's story
    certificate_name: str | None = None

    @property
    def email(self) -> str:
        """Return an address that is nobody's."""
        plain = self.name.removeprefix("Dr ").lower()
        for accented, letter in zip("âáéíóúêôŷ", "aaeiouoy", strict=False):
            plain = plain.replace(accented, letter)
        words = [w for w in plain.replace("'", "").replace("’", "").split() if w]
        return f"{words[0]}.{words[-1]}@practice.example"


@dataclass(frozen=True)
class Practice:
    """A team: its coach and poster, its members (the first leads, the second sponsors) and its visits."""

    name: str
    coach: str
    poster: str
    members: tuple[Somebody, ...] = field(default_factory=tuple)
    visits: tuple[int, ...] = (320, 240, 150, 60)  # days before the summit
    planned_visit: int | None = None  # one that was planned and never written down


SIAN = "Dr Siân O'Connor"
ED, LEE, JO, GWEN, JON = "Ed Marsh", "Lee Hargreaves", "Jo Lund", "Gwen Price", "Jon Bell"

PRACTICES = (
    Practice(
        "Riverside Surgery",
        "Asha Patel",
        "Answering the phone before the third ring",
        (
            Somebody(
                SIAN,
                "GP partner",
                missed=(SECOND,),
                made_up=(SECOND,),
                diet="vegetarian",
                certificate_name=SIAN,
            ),
            Somebody("Ruth Adeleke", "Practice manager"),
            Somebody(ED, "Receptionist", photo=False),
            Somebody("Nadia Rahman", "Practice nurse", diet="halal"),
            Somebody("Callum Reid", "Care navigator"),
        ),
    ),
    Practice(
        "Hill Top Practice",
        "Asha Patel",
        "Repeat prescriptions in one working day",
        (
            Somebody("Dr Owen Hughes", "GP partner"),
            Somebody(GWEN, "Reception lead", photo=False),
            Somebody("Beth Sanderson", "Pharmacist", diet="vegan"),
            Somebody("Imran Qureshi", "Practice manager", diet="halal"),
            Somebody("Lucy Tran", "Healthcare assistant", missed=(FIRST,)),
        ),
    ),
    Practice(
        "Canal Street Medical Centre",
        "Asha Patel",
        "From two hundred letters a day to sixty",
        (
            Somebody("Dr Amara Nwosu", "GP partner"),
            Somebody("Keith Barlow", "Business manager"),
            Somebody("Joanna Wiśniewska", "Document coder", diet="other", diet_other="No celery"),
            Somebody("Peter Lloyd", "Practice nurse"),
            Somebody("Hannah Cole", "Receptionist", missed=(THIRD,)),
        ),
    ),
    Practice(
        "Old Mill Surgery",
        "Asha Patel",
        "Every tool in the box: same-day appointments that last",
        (
            Somebody("Dr Fiona Grant", "GP partner"),
            Somebody("Tariq Aziz", "Practice manager", diet="vegetarian"),
            Somebody("Megan Shaw", "Nurse practitioner"),
            Somebody(JON, "Receptionist", phone="07700 900123", adjustments=("step_free",)),
            Somebody("Olu Bankole", "Care coordinator"),
        ),
        visits=(330, 270, 200, 120, 45),
    ),
    Practice(
        "Parkgate Practice",
        "Tom Leigh",
        "One list for long-term conditions",
        (
            Somebody("Dr Leila Haddad", "GP partner", diet="vegetarian"),
            Somebody("Mark Ellis", "Practice manager"),
            Somebody("Chloe Baxter", "Practice nurse"),
            Somebody("Sunita Rao", "Receptionist", arrives=172),
            Somebody("Gareth Pugh", "Data clerk", missed=(FIRST,)),
        ),
    ),
    Practice(
        "The Limes",
        "Tom Leigh",
        "Signposting at the front desk",
        (
            Somebody("Dr Helena Novak", "GP partner"),
            Somebody("Stephen Ward", "Practice manager"),
            Somebody(JO, "Receptionist", missed=(FIRST, SECOND)),
            Somebody("Aisha Begum", "Practice nurse", diet="halal"),
            Somebody("Daniel Frost", "Paramedic practitioner", missed=(SECOND, THIRD)),
        ),
    ),
    Practice(
        "Station Road Surgery",
        "Tom Leigh",
        "Fewer missed appointments, kinder reminders",
        (
            Somebody("Dr Rebecca Stone", "GP partner", diet="gluten_free"),
            Somebody("Victor Mensah", "Practice manager"),
            Somebody(LEE, "Receptionist", missed=(SUMMIT,)),
            Somebody("Ffion Morgan", "Practice nurse", adjustments=("hearing_loop",)),
            Somebody("Zoe Carter", "Social prescriber", missed=(FIRST, THIRD)),
        ),
    ),
    Practice(
        "Whitworth Health Centre",
        "Tom Leigh",
        "Home visits planned by street",
        (
            Somebody("Dr Samuel Okafor", "GP partner"),
            Somebody("Carol Whitehead", "Practice manager", missed=(SUMMIT,)),
            Somebody("Bilal Hussain", "Pharmacist", diet="halal", arrives=165),
            Somebody("Grace Lin", "Practice nurse"),
            Somebody("Tomos Evans", "Receptionist", missed=(SUMMIT,)),
        ),
        visits=(310, 210, 110),
        planned_visit=23,
    ),
)
