"""What became of an agreement, told with one tap from a letter and a button: opening it changes nothing."""

import hmac
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.groupwork import forms
from app.groupwork.actions import agreeing
from app.groupwork.messages import answer_token
from app.groupwork.models import FollowUp
from app.groupwork.queries.agreements import follow_up_with_id
from app.groupwork.views.public.blueprint import pages
from app.kernel.clock import now
from app.kernel.permission import Permission, needs
from app.kernel.refusal import NotThere
from app.plumbing.database import transaction
from app.plumbing.limits import counting_misses


@pages.get("/a/<uuid:follow_up_id>/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def tell(follow_up_id: UUID, token: str) -> ResponseReturnValue:
    """Ask to confirm what the tap in the letter said; mail programs open links, too."""
    found = _follow_up(follow_up_id, token)
    said = request.args.get("say") or (found.outcome.value if found.outcome else None)
    form = forms.Telling(formdata=None, data={"outcome": said, "words": found.words})
    return _page(found, form, token)


@pages.post("/a/<uuid:follow_up_id>/<token>")
@needs(Permission.SEE_PUBLIC_PAGES)
@counting_misses()
def answer(follow_up_id: UUID, token: str) -> ResponseReturnValue:
    """Write down what became of it."""
    found = _follow_up(follow_up_id, token)
    form = forms.Telling()
    if not form.validate_on_submit():
        return _page(found, form, token), 422
    with transaction():
        agreeing.answer(
            found,
            form.chosen,
            words=form.words.data or "",
            ends_letters=bool(form.ends_letters.data),
            at=now(),
        )
    flash("Thank you. It is written down; you can change it here.", "success")
    return redirect(url_for(".tell", follow_up_id=follow_up_id, token=token))


def _follow_up(follow_up_id: UUID, token: str) -> FollowUp:
    found = follow_up_with_id(follow_up_id)
    if found is None or not hmac.compare_digest(answer_token(found).encode(), token.encode()):
        raise NotThere
    return found


def _page(found: FollowUp, form: forms.Telling, token: str) -> str:
    return render_template(
        "groupwork/public/tell.html",
        follow_up=found,
        agreement=found.agreement,
        event=found.agreement.group_work.event,
        form=form,
        token=token,
    )
