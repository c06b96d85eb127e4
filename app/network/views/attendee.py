"""The network on one's own pages: joining, what is shown, members and teams, contacts, leaving."""

from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.checkin.rules.codes import read_code
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.network import forms
from app.network.actions import asking, exchanging, joining
from app.network.actions.acting import NotInTheNetwork
from app.network.models import ContactExchange, NetworkMember
from app.network.queries import (
    agreements_so_far,
    card_of,
    cards_of,
    coming_dates,
    contacts_of,
    data_of,
    exchange_asked_of,
    exchange_with,
    membership_of,
    programme_open_to,
    programmes_open_to,
    requests_of,
    size_of,
    teams_in_network,
    topics_of,
)
from app.network.rules import topic_key
from app.people.models import Person
from app.plumbing.database import transaction
from app.plumbing.limits import limiter, this_person, was_wrong
from app.programmes.models import Programme
from app.programmes.queries import team_at

pages = Blueprint("network", __name__)

PART = Permission.TAKE_PART_IN_NETWORK


@pages.get("/network")
@needs(PART)
def networks(me: Person) -> ResponseReturnValue:
    """Show the networks that somebody is in or may join; the only one at once."""
    programmes = programmes_open_to(me)
    if len(programmes) == 1:
        return redirect(_at("network", programmes[0]))
    return render_template(
        "network/attendee/networks.html",
        me=me,
        programmes=[(one, membership_of(me, one) is not None) for one in programmes],
    )


@pages.get("/network/<programme_slug>")
@needs(PART)
def network(me: Person, programme_slug: str) -> ResponseReturnValue:
    """Show a member the network at a glance; ask everybody else whether they want to join."""
    programme = _programme(me, programme_slug)
    member = membership_of(me, programme)
    if member is None:
        return redirect(_at("join", programme))
    at = now()
    return render_template(
        "network/attendee/network.html",
        me=me,
        programme=programme,
        card_shown=card_of(member, at=at),
        dates=coming_dates(programme, at=at),
        topics=topics_of(programme),
        tally=agreements_so_far(programme),
        size=size_of(programme),
        contacts=contacts_of(me, at=at),
    )


@pages.route("/network/<programme_slug>/joining", methods=["GET", "POST"])
@needs(PART)
def join(me: Person, programme_slug: str) -> ResponseReturnValue:
    """Ask for one tick, and let somebody in; whoever came to ask a team goes on to that."""
    programme = _programme(me, programme_slug)
    team = team_at(programme, request.args.get("team", ""))
    form = forms.Joining()
    if not form.validate_on_submit():
        if request.method == "GET" and membership_of(me, programme) is not None:
            return redirect(_at("network", programme))
        page = render_template(
            "network/attendee/join.html",
            me=me,
            programme=programme,
            form=form,
            size=size_of(programme),
            team=team,
        )
        return page, 422 if form.errors else 200

    with transaction():
        joining.join(programme, me, at=now())
    if team is not None:
        flash("You are in the network, with your name and your practice.", "success")
        return redirect(url_for(".ask", programme_slug=programme.slug, team_slug=team.slug))
    flash("You are in the network. Choose what the others see of you.", "success")
    return redirect(_at("what_is_shown", programme))


@pages.route("/network/<programme_slug>/shown", methods=["GET", "POST"])
@needs(PART)
def what_is_shown(me: Person, programme_slug: str) -> ResponseReturnValue:
    """Let a member choose, item by item, what the others see."""
    member = _member(me, programme_slug)
    form = forms.WhatIsShown(
        data={
            "shows_team": member.shows_team,
            "shows_role": member.shows_role,
            "shows_email": member.shows_email,
            "about": member.about,
            "topics": ", ".join(topic.word for topic in member.topics),
            "gets_digest": member.gets_digest,
        }
    )
    if not form.validate_on_submit():
        page = render_template(
            "network/attendee/what_is_shown.html",
            me=me,
            programme=member.programme,
            form=form,
            topics=topics_of(member.programme),
        )
        return page, 422 if form.errors else 200

    with transaction():
        joining.show(member.programme, me, form.shown, at=now())
    flash("Kept. This is what the others see of you.", "success")
    return redirect(_at("network", member.programme))


@pages.post("/network/<programme_slug>/leaving")
@needs(PART)
def leave(me: Person, programme_slug: str) -> ResponseReturnValue:
    """Take somebody out of the network at one tap."""
    programme = _programme(me, programme_slug)
    with transaction():
        joining.leave(programme, me, at=now())
    flash("You have left the network, and what you showed there is deleted.", "success")
    return redirect(_at("join", programme))


@pages.get("/network/<programme_slug>/members")
@needs(PART)
def members(me: Person, programme_slug: str) -> ResponseReturnValue:
    """Show the members to each other, with what each of them chose to show."""
    member = _member(me, programme_slug)
    topic = topic_key(request.args.get("topic", ""))
    topics = topics_of(member.programme)
    return render_template(
        "network/attendee/members.html",
        me=me,
        programme=member.programme,
        cards=cards_of(member.programme, at=now(), topic=topic),
        size=size_of(member.programme),
        topics=[("", "All", size_of(member.programme)), *topics],
        chosen=topic,
    )


@pages.get("/network/<programme_slug>/teams")
@needs(PART)
def teams(me: Person, programme_slug: str) -> ResponseReturnValue:
    """Show the teams with their posters, each to be asked."""
    member = _member(me, programme_slug)
    return render_template(
        "network/attendee/teams.html",
        me=me,
        programme=member.programme,
        entries=teams_in_network(member.programme, at=now()),
        asked=requests_of(me),
    )


@pages.route("/network/<programme_slug>/teams/<team_slug>", methods=["GET", "POST"])
@needs(PART)
def ask(me: Person, programme_slug: str, team_slug: str) -> ResponseReturnValue:
    """Send a team's contact what a member would like to know; whoever is none joins first."""
    programme = _programme(me, programme_slug)
    team = team_at(programme, team_slug) or abort(404)
    if request.method == "GET" and membership_of(me, programme) is None:
        return redirect(url_for(".join", programme_slug=programme.slug, team=team.slug))
    member = _member(me, programme_slug)
    form = forms.Question()
    if not form.validate_on_submit():
        page = render_template(
            "network/attendee/ask.html", me=me, programme=member.programme, team=team, form=form
        )
        return page, 422 if form.errors else 200

    with transaction():
        asking.ask_team(team, me, form.asked, gives_address=form.may_answer, at=now())
    flash(
        f"Your question is on its way to {team.name}."
        + (" They answer to your own address." if form.may_answer else ""),
        "success",
    )
    return redirect(_at("teams", member.programme))


@pages.route("/contacts", methods=["GET", "POST"])
@needs(PART)
@limiter.limit("15 per 10 minutes", key_func=this_person, methods=["POST"], deduct_when=was_wrong)
def contacts(me: Person) -> ResponseReturnValue:
    """Show whose details somebody has, and ask the person whose badge they enter."""
    form = forms.Badge(data={"code": request.args.get("code", "")[:80]})
    if form.validate_on_submit():
        code = read_code(form.code_given, host=request.host)
        try:
            with transaction():
                exchanging.ask_for_contact(code, me, at=now())
        except (exchanging.NoSuchBadge, exchanging.OwnBadge) as why:
            form.code.errors = [str(why)]
        else:
            flash("Asked. Once they say yes, you see each other's details here.", "success")
            return redirect(url_for(".contacts"))
    page = render_template(
        "network/attendee/contacts.html", me=me, form=form, contacts=contacts_of(me, at=now())
    )
    return page, 422 if form.errors else 200


@pages.post("/contacts/<uuid:exchange_id>/yes")
@needs(PART)
def confirm(me: Person, exchange_id: UUID) -> ResponseReturnValue:
    """Say yes to somebody who asks for one's details."""
    with transaction():
        exchange = exchange_asked_of(me, exchange_id) or abort(404)
        exchanging.confirm(exchange, me, at=now())
    flash("You now have each other's details.", "success")
    return redirect(url_for(".contacts"))


@pages.post("/contacts/<uuid:exchange_id>/no")
@needs(PART)
def decline(me: Person, exchange_id: UUID) -> ResponseReturnValue:
    """Say no to somebody who asks for one's details."""
    with transaction():
        exchange = exchange_asked_of(me, exchange_id) or abort(404)
        exchanging.decline(exchange, me, at=now())
    flash("They see nothing of you, and are not told.", "success")
    return redirect(url_for(".contacts"))


@pages.post("/contacts/<uuid:exchange_id>/removal")
@needs(PART)
def remove(me: Person, exchange_id: UUID) -> ResponseReturnValue:
    """End an exchange: neither sees the other's details any longer."""
    with transaction():
        exchange = exchange_with(me, exchange_id) or abort(404)
        exchanging.end_exchange(exchange, me, at=now())
    flash("Removed. Neither of you sees the other's details any longer.", "success")
    return redirect(url_for(".contacts"))


@pages.get("/network/data.json")
@needs(PART)
def everything(me: Person) -> ResponseReturnValue:
    """Hand somebody everything that the network holds about them."""
    found = data_of(me, at=now())
    answer = jsonify(
        networks=[
            {
                "programme": card.member.programme.title,
                "joined_at": card.member.joined_at.isoformat(),
                "others_see": list(card.items),
                "about": card.about,
                "topics": list(card.topics),
                "monthly_digest": card.member.gets_digest,
            }
            for card in found.cards
        ],
        questions_to_teams=[
            {
                "team": one.team.name,
                "text": one.text,
                "with_address": one.gives_address,
                "asked_at": one.asked_at.isoformat(),
            }
            for one in found.requests
        ],
        contact_exchanges=[
            {
                "asked_by_me": one.asker_id == me.id,
                # Before both have said yes, neither learns who the other is.
                "with": _other(one, me).name if one.confirmed_at else None,
                "asked_at": one.asked_at.isoformat(),
                "agreed_at": one.confirmed_at.isoformat() if one.confirmed_at else None,
            }
            for one in found.exchanges
        ],
    )
    answer.headers.set("Content-Disposition", "attachment", filename="my-network.json")
    return answer


def _other(exchange: ContactExchange, me: Person) -> Person:
    return exchange.asked if exchange.asker_id == me.id else exchange.asker


def _programme(me: Person, slug: str) -> Programme:
    return programme_open_to(me, slug) or abort(404)


def _member(me: Person, slug: str) -> NetworkMember:
    programme = _programme(me, slug)
    member = membership_of(me, programme)
    if member is None:
        raise NotInTheNetwork("These pages are for members of the network. Open “Network” to join.")
    return member


def _at(page: str, programme: Programme) -> str:
    return url_for(f".{page}", programme_slug=programme.slug)
