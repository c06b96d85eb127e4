"""A reader comments, and comes back by the link we mailed: to confirm, to look, to take it back."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.plumbing.database import transaction
from app.plumbing.limits import A_MAILBOX, counting_misses, did_something, limiter, mailbox_typed
from app.writeups import forms
from app.writeups.actions import commenting, moderating
from app.writeups.actions.commenting import CommentsAreClosed
from app.writeups.models import WriteUp
from app.writeups.queries.reading import write_up_at
from app.writeups.queries.write_ups import write_up_with_id
from app.writeups.views.public.blueprint import EVENT, pages

FROM_ONE_ADDRESS = "20 per 10 minutes"
"""A whole venue may be behind one address; a flood comes faster."""


@pages.get(f"{EVENT}/comment")
@needs(Permission.SEE_PUBLIC_PAGES)
def comment(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Ask what a reader has to say, or say why nothing is taken now."""
    at, write_up = now(), _published(programme_slug, event_slug)
    return _page(write_up, forms.Comment(begun=forms.begun_now(at)), why=_why_closed(write_up))


@pages.post(f"{EVENT}/comment")
@needs(Permission.SEE_PUBLIC_PAGES)
@limiter.limit(FROM_ONE_ADDRESS)
@limiter.limit(A_MAILBOX, key_func=mailbox_typed, deduct_when=did_something)
def send_comment(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Keep a comment, and answer the same to everybody."""
    at, write_up = now(), _published(programme_slug, event_slug)
    form = forms.Comment()
    form.most_links = write_up.most_links
    if not form.validate_on_submit():
        return _page(write_up, form, why=_why_closed(write_up)), 422
    if not form.is_of_a_program:
        try:
            with transaction():
                commenting.comment(write_up, form.said(at=at), at=at)
        except CommentsAreClosed as why:
            return _page(write_up, form, why=str(why)), 409
    return redirect(url_for(".comment_sent", programme_slug=programme_slug, event_slug=event_slug))


@pages.get(f"{EVENT}/comment/sent")
@needs(Permission.SEE_PUBLIC_PAGES)
def comment_sent(programme_slug: str, event_slug: str) -> ResponseReturnValue:
    """Say what happens next, in the same words to everybody."""
    write_up = _published(programme_slug, event_slug)
    return render_template("writeups/public/comment_sent.html", event=write_up.event)


@pages.get("/c/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def own_comment(token: str) -> ResponseReturnValue:
    """Show a comment to its writer; programs that read mail open links too, so nothing happens yet."""
    found = commenting.own_comment(token)
    return render_template(
        "writeups/public/own_comment.html",
        event=found.write_up.event,
        comment=found,
        token=token,
        is_public=found.write_up.is_public,
    )


@pages.post("/c/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def confirm_comment(token: str) -> ResponseReturnValue:
    """Take the comment: its writer reads mail at the address they gave."""
    with transaction():
        commenting.confirm(commenting.own_comment(token), at=now())
    return _to_own(token)


@pages.post("/c/<token>/silence")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def stop_letters(token: str) -> ResponseReturnValue:
    """Send no more letters about others' comments here."""
    with transaction():
        commenting.stop_letters(commenting.own_comment(token))
    flash("You will get no more e-mails about comments here.", "success")
    return _to_own(token)


@pages.get("/c/<token>/silence/at-once")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def silence_by_hand(token: str) -> ResponseReturnValue:
    """Show the page with the button to whoever opens what mail programs press."""
    commenting.own_comment(token)
    return _to_own(token)


@pages.post("/c/<token>/silence/at-once")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def stop_letters_at_once(token: str) -> ResponseReturnValue:
    """Let a mail program end letters about others' comments at one press (RFC 8058), or at two."""
    commenting.own_comment(token)
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    with transaction():
        commenting.stop_letters(commenting.own_comment(token))
    return "", 204


@pages.post("/c/<token>/taking-back")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def take_back_comment(token: str) -> ResponseReturnValue:
    """Delete the comment, with its writer's name and address."""
    write_up_id = commenting.own_comment(token).write_up_id
    with transaction():
        commenting.take_back(commenting.own_comment(token), at=now())
    write_up = write_up_with_id(write_up_id)
    return render_template("writeups/public/taken_back.html", write_up=write_up)


@pages.get("/moderation/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def moderation(token: str) -> ResponseReturnValue:
    """Show a waiting comment to whom we wrote about it, and ask what becomes of it."""
    link = moderating.open_link(token, at=now())
    return render_template(
        "writeups/public/moderation.html",
        event=link.comment.write_up.event,
        comment=link.comment,
        form=forms.Decision(),
        token=token,
    )


@pages.post("/moderation/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def moderate(token: str) -> ResponseReturnValue:
    """Decide about a comment from a letter, once."""
    form = forms.Decision()
    moderating.open_link(token, at=now())
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        decided = moderating.decide_by_link(token, form.chosen, seen=form.seen_as, at=now())
        write_up_id = decided.write_up_id
    return render_template(
        "writeups/public/moderated.html",
        write_up=write_up_with_id(write_up_id),
        status=form.chosen.value,
    )


def _published(programme_slug: str, event_slug: str) -> WriteUp:
    """Return a write-up at its address, if it was ever published: a withdrawn one says so itself."""
    found = write_up_at(programme_slug, event_slug) or abort(404)
    return write_up_with_id(found.id) or abort(404)


def _why_closed(write_up: WriteUp) -> str:
    try:
        commenting.refuse_closed(write_up, at=now())
    except CommentsAreClosed as why:
        return str(why)
    return ""


def _page(write_up: WriteUp, form: forms.Comment, *, why: str) -> str:
    return render_template(
        "writeups/public/comment.html",
        event=write_up.event,
        write_up=write_up,
        form=form,
        why=why,
        honeypot=forms.HONEYPOT,
    )


def _to_own(token: str) -> Response:
    return redirect(url_for(".own_comment", token=token))
