"""Which story fits a customer: likeness first, then words in common, then how often it has landed.

All of it happens in memory, so that every database ranks alike. A set of stories is one whole number with a bit for
each story, and the better a story has landed, the lower is its bit. So to narrow down is `&`, the best of what is left
is the lowest bit, and ten thousand stories cost little more than a hundred.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, Self, TypeVar

import snowballstemmer

from bot.coaching.rates import wilson
from bot.coaching.spelling import fold, words_of

K = TypeVar("K")

# More words than this say nothing more about whom a story is for.
_WORDS_MOST = 60
_STEMS_MOST = 65_536
# What says that it is something else says nothing of what it is.
_SOMETHING_ELSE = "other"


@dataclass(frozen=True, slots=True)
class Tale:
    """A story that may be told, in its three lines; `name` is there only where the customer agreed to be named.

    `customer_id` and `whose_key` (a folded name) say whose it is, so that nobody is told their own.
    """

    id: int
    revision: int
    author_id: str
    customer_id: int | None
    whose_key: str
    name: str | None
    worry: str
    product: str | None
    customer_kind: str | None
    before: str
    turned: str
    now: str
    told: int
    landed: int
    expires_at: datetime

    @property
    def lines(self) -> Sequence[str]:
        """What is told, line by line."""
        return (self.before, self.turned, self.now)


@dataclass(frozen=True)
class Likeness:
    """What is known of a customer that a story may have in common with them, and who they are."""

    worry: str | None = None
    product: str | None = None
    customer_kind: str | None = None
    words: str = ""
    customer_id: int | None = None
    name: str = ""


# Whoever it is: nothing is known of them.
NOBODY = Likeness()


@dataclass(frozen=True)
class Match:
    """A story that fits, with what it has in common with the customer: worry, product, customer_kind or words.

    `others` says whether another story fits them too.
    """

    tale: Tale
    alike: Sequence[str]
    others: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """What words mean to a search: those that stand everywhere, and those that name a worry."""

    stop_words: frozenset[str] = frozenset()
    worries: Mapping[str, str] = field(default_factory=dict)

    def words(self, text: str) -> list[str]:
        """The words of a text that say something, once each, without accents, in their order."""
        return [word for word in dict.fromkeys(words_of(text)) if word not in self.stop_words]


def chance(told: int, landed: int) -> float:
    """How well a story may land, at best: the upper end of Wilson's interval, so that one never told comes first.

    A story has to have missed several times before it stands behind one that lands well.
    """
    return wilson(landed, told)[1]


class _Words(NamedTuple):
    """The words of a story: those that are told, by their stems, and those by which it is found."""

    told: frozenset[str]
    found_by: frozenset[str]


class Shelf:
    """The stories of one workspace that may be told, at one moment."""

    def __init__(self, tales: Sequence[Tale], vocabulary: Vocabulary, before: Self | None = None) -> None:
        """What the shelf `before` has read already is not read again: that is most of the work."""
        self.tales = sorted(tales, key=lambda tale: (-chance(tale.told, tale.landed), -tale.id))
        self._vocabulary = vocabulary
        known = before._read if before else {}
        self._read: Mapping[tuple[int, int], _Words] = {
            _text(tale): known.get(_text(tale)) or self._words_of(tale) for tale in self.tales
        }
        self._places = {tale.id: place for place, tale in enumerate(self.tales)}
        self._all = (1 << len(self.tales)) - 1
        self._worries = self._by(lambda tale: [tale.worry])
        self._products = self._by(lambda tale: [fold(tale.product)] if tale.product else [])
        self._kinds = self._by(lambda tale: [fold(tale.customer_kind)] if tale.customer_kind else [])
        self._words = self._by(lambda tale: self._read[_text(tale)].told)
        self._found_by = self._by(lambda tale: self._read[_text(tale)].found_by)
        self._sorted = sorted(self._found_by)
        self._of_name = _grouped((tale.whose_key, tale.id) for tale in self.tales)
        self._of_customer = _grouped((tale.customer_id, tale.id) for tale in self.tales if tale.customer_id)

    @property
    def products(self) -> Sequence[str]:
        """What the stories are about, by name, each in one of its spellings."""
        return sorted({fold(tale.product): tale.product for tale in self.tales if tale.product}.values(), key=fold)

    def get(self, story_id: int | None) -> Tale | None:
        """The story of that id, where it may be told."""
        place = self._places.get(story_id) if story_id is not None else None
        return None if place is None else self.tales[place]

    def best(self, like: Likeness, but: Collection[int] = ()) -> Match | None:
        """The story that fits best, `but` for some; None where none fits.

        A worry that is known must be the story's own. While it is not, something else has to be in common.
        """
        shared = self._shared(like)
        alike = self._alike(like, shared)
        fitting = self._fitting(like, alike)
        left = fitting & self._without(but)
        if not left:
            return None
        for likeness in (alike["product"], alike["customer_kind"]):
            left = left & likeness or left
        return self._match(_lowest(_most_in_common(left, shared)), alike, fitting)

    def match(self, story_id: int, like: Likeness) -> Match | None:
        """One story beside a customer, whether it fits or not; None where they may not be told it."""
        place = self._places.get(story_id)
        if place is None or self.is_own(story_id, like):
            return None
        alike = self._alike(like, self._shared(like))
        return self._match(place, alike, self._fitting(like, alike))

    def is_own(self, story_id: int, like: Likeness) -> bool:
        """Whether a story is this customer's own."""
        return story_id in self._own(like)

    def _own(self, like: Likeness) -> Collection[int]:
        """The stories of this customer: by who they are, and by their name where that was not said of either."""
        named = self._of_name.get(fold(like.name), ())
        if like.customer_id is None:
            return named
        unlinked = [each for each in named if self.tales[self._places[each]].customer_id is None]
        return [*self._of_customer.get(like.customer_id, ()), *unlinked]

    def _fitting(self, like: Likeness, alike: Mapping[str, int]) -> int:
        worry_is_known = like.worry not in (None, _SOMETHING_ELSE)
        return (alike["worry"] if worry_is_known else _any(alike.values())) & self._without(self._own(like))

    def _match(self, place: int, alike: Mapping[str, int], fitting: int) -> Match:
        common = [what for what, stories in alike.items() if stories >> place & 1]
        return Match(self.tales[place], common, others=bool(fitting & ~(1 << place)))

    def _shared(self, like: Likeness) -> Sequence[int]:
        """For each word that is known of a customer, the stories that have it too."""
        return [self._words.get(stem(word), 0) for word in self._vocabulary.words(like.words)[:_WORDS_MOST]]

    def _alike(self, like: Likeness, shared: Sequence[int]) -> Mapping[str, int]:
        """The stories that have something in common with a customer, by what it is."""
        return {
            "worry": 0 if like.worry == _SOMETHING_ELSE else self._worries.get(like.worry or "", 0),
            "product": self._products.get(fold(like.product or ""), 0),
            "customer_kind": self._kinds.get(fold(like.customer_kind or ""), 0),
            "words": _any(shared),
        }

    def search(
        self, text: str, most: int, *, worry: str | None = None, product: str | None = None, to: Likeness = NOBODY
    ) -> Sequence[Tale]:
        """Up to `most` stories by the words of a text, by worry, by product: most words found first.

        A word is found by its beginning too, as while somebody types. Without words, those that land best. Whoever
        they are told `to` finds none of their own.
        """
        left = self._without(self._own(to))
        if worry:
            left &= self._worries.get(worry, 0)
        if product:
            left &= self._products.get(fold(product), 0)
        asked = self._vocabulary.words(text)[:_WORDS_MOST]
        found = [self._beginning_with(word) for word in asked]
        if asked:
            left &= _any(found)
        # What a story says itself counts for more than what its worry or its product is called.
        told = [self._words.get(stem(word), 0) for word in asked]
        return [self.tales[place] for place in _ranked(left, [*found, *told], most)]

    def means_something(self, text: str) -> bool:
        """Whether a text has a word that one could search by."""
        return bool(self._vocabulary.words(text))

    def _words_of(self, tale: Tale) -> _Words:
        told = self._vocabulary.words(" ".join(tale.lines))
        about = (tale.product or "", tale.customer_kind or "", self._vocabulary.worries.get(tale.worry, tale.worry))
        words = {*told, *self._vocabulary.words(" ".join(about))}
        return _Words(frozenset(map(stem, told)), frozenset({*words, *map(stem, words)}))

    def _beginning_with(self, word: str) -> int:
        found = self._found_by.get(stem(word), 0)
        for place in range(bisect_left(self._sorted, word), len(self._sorted)):
            if not self._sorted[place].startswith(word):
                break
            found |= self._found_by[self._sorted[place]]
        return found

    def _by(self, keys: Callable[[Tale], Iterable[str]]) -> Mapping[str, int]:
        """The stories under each of their keys."""
        size = len(self.tales) // 8 + 1
        bits: defaultdict[str, bytearray] = defaultdict(lambda: bytearray(size))
        for place, tale in enumerate(self.tales):
            at, bit = place >> 3, 1 << (place & 7)
            for key in keys(tale):
                bits[key][at] |= bit
        return {key: int.from_bytes(each, "little") for key, each in bits.items()}

    def _without(self, story_ids: Collection[int]) -> int:
        left = self._all
        for each in story_ids:
            if each in self._places:
                left &= ~(1 << self._places[each])
        return left


def _grouped(pairs: Iterable[tuple[K, int]]) -> Mapping[K, Sequence[int]]:
    """The stories under each key; a set of bits for each of ten thousand customers would be mostly empty."""
    found: defaultdict[K, list[int]] = defaultdict(list)
    for key, story_id in pairs:
        found[key].append(story_id)
    return found


@lru_cache(maxsize=_STEMS_MOST)
def stem(word: str) -> str:
    """What the forms of one word have in common, by the rules of English; other languages keep most words whole."""
    return str(snowballstemmer.stemmer("english").stemWord(word))


def _text(tale: Tale) -> tuple[int, int]:
    """What names the words of a story: they change only with its revision."""
    return tale.id, tale.revision


def _any(sets: Collection[int]) -> int:
    together = 0
    for each in sets:
        together |= each
    return together


def _lowest(left: int) -> int:
    return (left & -left).bit_length() - 1


def _most_in_common(left: int, sets: Sequence[int]) -> int:
    """Those of `left` that are in the most of these sets.

    Every story is counted at once: the digits of all the counts stand in `digits`, the ones first, and each set is
    added to them with its carries.
    """
    digits: list[int] = []
    for each in sets:
        carry = each & left
        for place, digit in enumerate(digits):
            digits[place], carry = digit ^ carry, digit & carry
        if carry:
            digits.append(carry)
    for digit in reversed(digits):
        left = left & digit or left
    return left


def _ranked(left: int, sets: Sequence[int], most: int) -> Iterator[int]:
    """The places of up to `most` of `left`, those in the most sets first."""
    for _ in range(most):
        if not left:
            return
        place = _lowest(_most_in_common(left, sets))
        left &= ~(1 << place)
        yield place
