"""Two workspaces in one database: neither sees, finds or touches anything of the other's.

The ids in one are known in the other here, as if somebody had guessed them; even the member's own id is the same.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

from bot.coaching import (
    customers,
    details,
    drafts,
    home,
    homes,
    library,
    meanwhile,
    members,
    missions,
    policies,
    reminders,
    setup,
    sources,
    summaries,
)
from bot.coaching.cases import Card
from bot.coaching.errors import Declined, Reason
from bot.coaching.library import ProductFacts
from bot.coaching.members import Profile
from bot.coaching.moves import Move
from bot.coaching.outcomes import Outcome
from bot.coaching.playbooks import Follow
from bot.coaching.policies import Policy, Terms
from bot.coaching.reminders import Snooze
from bot.coaching.setup import Checklist
from bot.coaching.summaries import Wish
from bot.storage import outbox
from bot.storage.models import Case, Customer, Draft, Member, Mission, OutboxRow, Product, Task
from tests.coaching.desk import NOW, Desk
from tests.coaching.ledger import adds, judges
from tests.coaching.test_library import manages
from tests.coaching.test_missions import kept_at_sale
from tests.coaching.test_sources import MESSAGE, handles

SALE, ADA = "sale", "ada"

EVERYTHING = (Case, Customer, Member, Mission, OutboxRow, Task)


@pytest.fixture
def theirs(desk: Desk) -> Card:
    """A case with everything in it: a past, words that were kept, a cue, a promise."""
    desk.hushes(desk.closes(desk.opens("Ada"), Outcome.LEFT))
    there = desk.presses(desk.opens("Ada"), Move.NEXT, Move.WORRIED)
    return desk.closes(desk.presses(there, Move.NEXT, mission="Quiet Sundays"), Outcome.COOL_OFF)


GESTURES: dict[str, Callable[[Desk, Card], object]] = {
    "show": Desk.shows,
    "resume": Desk.resumes,
    "repair": Desk.repairs,
    "press": lambda desk, card: desk.presses(card, Move.NEXT, why="Mine now"),
    "look closer": lambda desk, card: desk.looks_closer(card, why="Mine now"),
    "hush": Desk.hushes,
    "identify": lambda desk, card: desk.identifies(card, None),
    "close": lambda desk, card: desk.closes(card, Outcome.SAVED),
    "leave out": Desk.leaves_out,
    "soften": Desk.softens,
    "undo": Desk.undoes,
    "describe": lambda desk, card: desk.describes(card, note="Mine now", reconnect_on=date(2027, 1, 5)),
    "done": lambda desk, card: desk.done(card.tasks[0].id),
    "snooze": lambda desk, card: desk.snoozes(card.tasks[0].id, Snooze.HOUR),
}


@pytest.mark.parametrize("gesture", GESTURES)
def test_no_gesture_reaches_into_another_workspace(desk: Desk, elsewhere: Desk, theirs: Card, gesture: str) -> None:
    before = [desk.rows(kind) for kind in EVERYTHING]

    with pytest.raises(Declined) as declined:
        GESTURES[gesture](elsewhere, theirs)

    assert declined.value.reason is Reason.GONE
    assert [desk.rows(kind) for kind in EVERYTHING] == before


def test_no_name_is_known_from_another_workspace(elsewhere: Desk, theirs: Card) -> None:
    card = elsewhere.opens("Ada")

    assert card.case.customer_id != theirs.case.customer_id
    assert (card.history, card.member.cues_only) == ([], False)
    assert elsewhere.does(customers.by_name, "T2", "Ada")[0].customer.team_id == "T2"
    assert elsewhere.does(customers.by_id, "T2", theirs.case.customer_id) is None


def test_no_customer_of_another_workspace_can_be_picked(elsewhere: Desk, theirs: Card) -> None:
    card = elsewhere.opens("Ada")

    with pytest.raises(Declined):
        elsewhere.identifies(card, theirs.case.customer_id)


def test_no_case_duplicates_one_of_another_workspace(elsewhere: Desk, theirs: Card) -> None:
    card = elsewhere.opens("Ada")

    assert elsewhere.does(details.others, card.case, 9) == []
    with pytest.raises(Declined):
        elsewhere.leaves_out(card, duplicate_of=theirs)


def test_no_words_are_read_out_in_another_workspace(desk: Desk, elsewhere: Desk, theirs: Card) -> None:
    card = elsewhere.presses(elsewhere.opens("Ada"), Move.NEXT, Move.WORRIED)
    assert card.mission is None

    kept_at_sale(desk, theirs.case.customer_id, "Quiet Sundays")
    stranger = theirs.case.model_copy(update={"team_id": "T2", "id": 404})
    assert elsewhere.does(missions.latest, stranger) is None, "even for a customer of the same id"


def test_a_list_has_nothing_of_another_workspace(desk: Desk, elsewhere: Desk, theirs: Card) -> None:
    empty = elsewhere.does(home.agenda, "T2", "U1", 10)
    full = desk.does(home.agenda, "T1", "U1", 10)

    assert (empty.tasks, empty.cases, empty.task_count, empty.case_count) == ([], [], 0, 0)
    assert (full.task_count, full.case_count) == (2, 1)


def test_dropping_what_was_promised_drops_it_here_alone(desk: Desk, elsewhere: Desk, theirs: Card) -> None:
    """Even for a case of the same id."""
    stranger = theirs.case.model_copy(update={"team_id": "T2"})
    with desk.database.begin() as session:
        reminders.drop(session, stranger, NOW)

    assert all(reminders.is_open(task) for task in desk.rows(Task))


def test_a_member_of_the_same_id_is_another_member(desk: Desk, elsewhere: Desk, theirs: Card) -> None:
    elsewhere.does(members.learn, "T2", "U1", Profile("Asia/Tokyo", "ja-JP"), NOW)
    elsewhere.does(members.remember_dm, "T2", "U1", "D2")

    here, there = desk.rows(Member)
    assert (here.team_id, here.timezone, here.dm_channel, here.cues_only) == ("T1", None, None, True)
    assert (there.team_id, there.timezone, there.dm_channel, there.cues_only) == ("T2", "Asia/Tokyo", "D2", False)


def writes(desk: Desk, words: str) -> None:
    """Close a form about Ada with something typed in it."""
    desk.does(drafts.keep, desk.team, desk.rep, SALE, ADA, {"why": {"value": words}}, desk.now)


def written(desk: Desk) -> str | None:
    """What is kept of that form."""
    found = desk.does(drafts.find, desk.team, desk.rep, SALE, ADA, desk.now)
    return found.values["why"]["value"] if found else None


def waiting(desk: Desk, kind: str) -> list[str]:
    """What waits to be sent of a kind in this workspace, by its keys."""
    rows = [row for row in desk.rows(OutboxRow) if row.team_id == desk.team and row.status == "pending"]
    return [row.key for row in rows if row.kind == kind]


def meets_a_customer_of(desk: Desk, card: Card) -> Case:
    """A case of this workspace's whose customer has the id that another workspace knows one by."""
    mine = desk.opens("Somebody")

    def guess(session: Session) -> Case:
        case = session.get_one(Case, mine.case.id)
        case.customer_id = card.case.customer_id
        return case

    return desk.does(guess)


def test_a_message_is_taken_by_the_cases_of_its_own_workspace(desk: Desk, elsewhere: Desk) -> None:
    card = handles(desk, "Ada")

    assert [case.id for case in desk.does(sources.cases_of, "T1", MESSAGE.channel, MESSAGE.ts)] == [card.case.id]
    assert elsewhere.does(sources.cases_of, "T2", MESSAGE.channel, MESSAGE.ts) == []
    assert handles(elsewhere, "Ada").case.team_id == "T2"


def test_what_one_workspace_has_set_up_is_still_to_do_in_another(
    desk: Desk, colleague: Desk, elsewhere: Desk, mina: Desk
) -> None:
    manages(colleague)
    desk.does(library.add_product, "T1", mina.rep, ProductFacts("Corner sofa"), NOW)
    desk.does(policies.change, "T1", mina.rep, Follow.DISCOUNT, Policy(most=Terms(percent=20)), NOW)
    desk.does(summaries.switch_on, "T1", mina.rep, Wish("C1", 0, "09:00", "Europe/London", ()), NOW)
    for whose in ("Mary Somerville", "Grace Hopper"):
        judges(mina, adds(desk, whose=whose))

    assert desk.does(setup.checklist, "T1").is_done
    assert elsewhere.does(setup.checklist, "T2") == Checklist(*[False] * 5)


def test_whoever_is_new_is_welcomed_by_what_there_is_in_their_own_workspace(
    desk: Desk, elsewhere: Desk, theirs: Card
) -> None:
    manages(desk).does(setup.welcomed, "T1", "U1", NOW)
    elsewhere.does(members.learn, "T2", "U1", Profile(is_admin=True), NOW)

    assert desk.does(setup.welcome, "T1", "U1") is None
    welcome = elsewhere.does(setup.welcome, "T2", "U1")
    assert welcome
    assert (welcome.member.team_id, welcome.installs, welcome.has_begun) == ("T2", True, False)


def test_what_was_typed_is_brought_back_in_its_own_workspace(desk: Desk, elsewhere: Desk) -> None:
    writes(desk, "Quiet Sundays")
    assert written(elsewhere) is None

    writes(elsewhere, "The compiler")
    assert (written(desk), written(elsewhere)) == ("Quiet Sundays", "The compiler")


@pytest.mark.parametrize("lets_go", ["sent", "a day old", "forgotten"])
def test_what_was_typed_in_another_workspace_is_kept_there(desk: Desk, elsewhere: Desk, lets_go: str) -> None:
    writes(desk, "Quiet Sundays")
    match lets_go:
        case "sent":
            elsewhere.does(drafts.let_go, "T2", "U1", SALE, ADA)
        case "a day old":
            elsewhere.does(drafts.expire, "T2", "U1", elsewhere.later(days=1).now)
        case "forgotten":
            elsewhere.does(drafts.forget, "T2")

    assert [draft.team_id for draft in desk.rows(Draft)] == ["T1"]
    assert written(desk) == "Quiet Sundays"


def test_no_alarm_is_set_for_what_was_typed_in_another_workspace(desk: Desk, elsewhere: Desk) -> None:
    writes(desk, "Quiet Sundays")
    elsewhere.does(drafts.expire, "T2", "U1", NOW)

    assert (len(waiting(desk, drafts.KIND)), waiting(elsewhere, drafts.KIND)) == (1, [])


def test_a_home_that_stands_open_follows_its_own_workspace(desk: Desk, elsewhere: Desk) -> None:
    manages(desk).does(homes.seen, "T1", "U1", NOW)
    elsewhere.does(homes.follow, "T2", ["U1"], NOW)
    elsewhere.does(homes.redraw_managers, "T2", NOW)
    assert (waiting(desk, homes.KIND), waiting(elsewhere, homes.KIND)) == ([], [])

    desk.does(homes.redraw_managers, "T1", NOW)
    assert (waiting(desk, homes.KIND), waiting(elsewhere, homes.KIND)) == (["home:U1"], [])


def test_who_looks_at_their_home_looks_at_one(desk: Desk, elsewhere: Desk) -> None:
    desk.does(homes.seen, "T1", "U1", NOW)
    for page in (homes.TOP, homes.Page(10, 20, 5)):
        elsewhere.later(hours=1).does(homes.seen, "T2", "U1", elsewhere.now, page)

    here, there = desk.rows(Member)
    assert (here.team_id, here.home_seen_at, homes.page_of(here)) == ("T1", NOW, homes.TOP)
    assert (there.team_id, there.home_seen_at, homes.page_of(there)) == ("T2", elsewhere.now, page)


def test_nobody_is_told_of_a_case_in_another_workspace(desk: Desk, colleague: Desk, elsewhere: Desk) -> None:
    """Even where the customer has the same id."""
    desk.opens("Ada")
    card = colleague.opens("Ada")
    mine = meets_a_customer_of(replace(elsewhere, rep="U3"), card)

    assert desk.does(meanwhile.reps, card.case) == {"U1", "U2"}
    assert elsewhere.does(meanwhile.reps, mine) == {"U3"}
    assert elsewhere.does(meanwhile.find, "T2", "U3", card.case.id) is None


def test_nobody_lets_others_hear_of_a_case_of_another_workspace(desk: Desk, colleague: Desk, elsewhere: Desk) -> None:
    desk.opens("Ada")
    card = colleague.opens("Ada")
    for row in desk.does(outbox.claim, "worker", NOW, most=100):
        desk.does(outbox.settle, row, NOW, outbox.Sent())

    elsewhere.later(hours=1).does(meanwhile.tell, "T2", card.case.id, elsewhere.now)
    assert waiting(desk, meanwhile.KIND) == []
    desk.does(meanwhile.tell, "T1", card.case.id, elsewhere.now)
    assert len(waiting(desk, meanwhile.KIND)) == 1


def test_nobody_meets_a_colleague_by_a_case_that_they_have_in_another_workspace(
    desk: Desk, colleague: Desk, elsewhere: Desk
) -> None:
    card = colleague.opens("Ada")
    meets_a_customer_of(elsewhere, card)
    assert desk.does(meanwhile.find, "T1", "U1", card.case.id) is None

    desk.opens("Ada")
    assert desk.does(meanwhile.find, "T1", "U1", card.case.id).other == "U2"


def test_nobody_manages_another_workspace(desk: Desk, elsewhere: Desk) -> None:
    manages(desk)

    assert (desk.does(members.managers, "T1"), elsewhere.does(members.managers, "T2")) == (["U1"], [])
    with pytest.raises(Declined) as declined:
        elsewhere.does(members.require_manager, "T2", "U1")
    assert declined.value.reason is Reason.NOT_A_MANAGER


def test_a_library_that_is_full_leaves_room_in_another(desk: Desk, elsewhere: Desk) -> None:
    with desk.database.begin() as session:
        session.add_all(
            Product(team_id="T1", name=f"{nth}", name_key=f"{nth}", changed_by="U1", changed_at=NOW)
            for nth in range(library.PRODUCTS_MOST)
        )
    manages(elsewhere).does(library.add_product, "T2", "U1", ProductFacts("Corner sofa"), NOW)

    assert [product.name for product in elsewhere.does(library.products, "T2")] == ["Corner sofa"]


def test_what_slack_refused_in_another_workspace_is_nobodys_to_send(desk: Desk, elsewhere: Desk, theirs: Card) -> None:
    for row in desk.does(outbox.claim, "worker", NOW, most=100):
        desk.does(outbox.park, row, NOW, "account_inactive")
    parked = [row for row in desk.rows(OutboxRow) if row.status == "parked"]
    assert parked
    manages(elsewhere)
    shown = elsewhere.does(home.at_home, "T2", "U1", 10, elsewhere.coach.spoken, NOW)

    assert (shown.parked, shown.summary_channels, shown.cases, shown.tasks) == ([], [], [], [])
    with pytest.raises(Declined) as declined:
        elsewhere.does(home.unpark, "T2", "U1", parked[0].id, NOW, send=True)
    assert declined.value.reason is Reason.GONE
