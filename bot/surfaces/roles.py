"""Who manages the team: the form in which managers ask others, and the message of whoever is asked."""

from collections.abc import Mapping, Sequence

from bot.coaching.roles import Roles, Standing, UserGroup
from bot.surfaces import blocks, forms, ids
from bot.surfaces.blocks import Block, Element, Message, View
from bot.surfaces.forms import Opener, Refused
from bot.surfaces.ids import RoleAsk
from bot.surfaces.payloads import Submission
from bot.surfaces.words import Voice

PERSON = "form.new_manager"
USER_GROUP = "form.manager_group"
_SHOWN_MOST = 20
_GROUPS_MOST = 100


def managers(voice: Voice, roles: Roles) -> View:
    """Who manages the team and who was asked, each with the way out; and whom to ask next."""
    me = roles.viewer.user_id
    # Oneself first: however many there are, the way out stands there.
    in_order = sorted(roles.managers, key=lambda each: each.user_id != me)
    managing = [
        blocks.section(
            voice.text("roles/manager", who=each.user_id, since=voice.day_and_year(each.manages_since)),
            _farewell(voice, RoleAsk.STEP_DOWN if each.user_id == me else RoleAsk.TAKE_OUT, each.user_id),
        )
        for each in in_order[:_SHOWN_MOST]
        if each.manages_since
    ]
    asked = [
        blocks.section(
            voice.text("roles/asked_since", who=each.user_id, by=each.asked_by, at=voice.day(each.asked_at)),
            _press(voice, RoleAsk.TAKE_BACK, each.user_id),
        )
        for each in roles.asked[:_SHOWN_MOST]
    ]
    more = max(len(roles.managers), len(roles.asked)) > _SHOWN_MOST
    group = voice.text("roles/group", handle=roles.group.handle) if roles.group else None
    fields = [
        *managing,
        *asked,
        *([blocks.context(voice.text("roles/more", most=_SHOWN_MOST))] if more else []),
        *([blocks.section(group, _press(voice, RoleAsk.LEAVE_GROUP, ""))] if group else []),
        forms.field(voice, PERSON, blocks.users_select(PERSON, voice.label("placeholder.colleague"))),
        forms.field(voice, USER_GROUP, blocks.external_select(USER_GROUP, voice.label("placeholder.manager_group"))),
    ]
    return forms.form(voice, ids.MANAGERS_FORM, "managers", Opener(), fields)


def read(voice: Voice, sent: Submission) -> tuple[str | None, UserGroup | None] | Refused:
    """Somebody to ask, and a user group to ask along: at least one of the two."""
    person, chosen = sent.text(PERSON), sent.text(USER_GROUP)
    group_id, _, handle = (chosen or "").partition(":")
    if not (person or chosen):
        return Refused({PERSON: voice.label("error.new_manager")})
    return person, UserGroup(group_id, handle) if chosen else None


def has_asked(voice: Voice, person: str | None, group: UserGroup | None, *, manages: bool = False) -> View:
    """What is left on the screen once somebody was asked, or is found to manage already."""
    told = voice.text("roles/has_asked", who=person, manages=manages, handle=group.handle if group else None)
    return blocks.word(voice.label("form.has_asked_title"), voice.label("form.understood"), told)


def nobody_there(voice: Voice) -> Refused:
    """Who was chosen cannot manage anything."""
    return Refused({PERSON: voice.label("error.no_colleague")})


def groups(found: Mapping[str, str], typed: str) -> Sequence[Element]:
    """The user groups, by id and handle, whose handles have in them what was typed."""
    words = typed.casefold().removeprefix("@")
    fitting = ((group_id, handle) for group_id, handle in found.items() if words in handle.casefold())
    return [blocks.option(f"@{handle}", f"{group_id}:{handle}") for group_id, handle in fitting][:_GROUPS_MOST]


def asked(voice: Voice, standing: Standing) -> Message:
    """What somebody who was asked has before them, as it stands now."""
    invitation = standing.invitation
    ended = invitation is not None and invitation.ended_at is not None
    waits = invitation is not None and not ended and invitation.said_yes is None
    text = voice.text(
        "roles/asked",
        by=invitation.asked_by if invitation else None,
        ended=ended,
        ended_by=invitation.ended_by if invitation else None,
        managed=bool(invitation and invitation.said_yes),
        manages=standing.member.manages_since is not None,
        waits=waits,
    )
    answers = [_press(voice, RoleAsk.ACCEPT, "", style="primary"), _press(voice, RoleAsk.DECLINE, "")]
    row: Sequence[Block] = [blocks.actions(ids.ROLE_PRESS, answers)] if waits else []
    return blocks.message([blocks.section(text), *row])


def taken_on(voice: Voice) -> Message:
    """What stands in the place of the question once somebody has taken the team on."""
    return blocks.remark(voice.text("roles/taken_on"))


def _press(voice: Voice, ask: RoleAsk, user_id: str, *, style: str | None = None) -> Element:
    value = f"{ask}:{user_id}"
    return blocks.button(f"{ids.ROLE_PRESS}.{value}", voice.label(f"manage.{ask}"), value, style=style)


def _farewell(voice: Voice, ask: RoleAsk, user_id: str) -> Element:
    """A press after which somebody manages no longer."""
    title, leave = voice.label(f"form.{ask}_title"), voice.label("form.not_now")
    return blocks.asked_first(_press(voice, ask, user_id), title, voice.text(f"roles/{ask}"), leave)


def stepped_down(voice: Voice) -> View:
    """What is left on the screen of whoever has stepped down."""
    title, close = voice.label("form.stepped_down_title"), voice.label("form.understood")
    return blocks.word(title, close, voice.text("roles/stepped_down"))
