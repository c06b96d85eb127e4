from app.kernel.permission import Permission
from app.plumbing.database import db, transaction
from app.programmes.models import StaffRole
from app.programmes.queries import accounts_who_may
from app.programmes.rules import Role
from tests.factories.people import LONG_AGO
from tests.factories.programmes import a_member_of_staff, a_programme


def test_accounts_who_may_are_active_ones_of_the_programme_each_once_by_name(app):
    programme, other = a_programme(), a_programme("elsewhere")
    priya = a_member_of_staff(programme, Role.ORGANISER, "Priya Nair")
    helen = a_member_of_staff(programme, Role.LEAD, "Helen Fox")
    a_member_of_staff(programme, Role.FACILITATOR, "Marcus Bell")
    a_member_of_staff(other, Role.LEAD, "Asha Cole")
    left = a_member_of_staff(programme, Role.LEAD, "Tom Doyle")
    with transaction():
        left.active = False
        for role in (Role.ORGANISER, Role.COACH):
            db.session.add(
                StaffRole(
                    account_id=helen.id, programme_id=programme.id, role=role, given_at=LONG_AGO
                )
            )

    found = accounts_who_may(programme, Permission.MANAGE_POSTERS)

    assert [account.id for account in found] == [helen.id, priya.id]
