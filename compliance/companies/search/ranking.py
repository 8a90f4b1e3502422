"""How close a name is to what was typed: words are compared softly, and rare words say more than common ones.

Pure. Knows names only by their search keys, and how often words occur from a sample of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from compliance.companies.search.spelling import meaning, same_meaning

CLOSE_FROM = 0.42
"""From here on a name is shown to somebody who searches."""
MOST_BEHIND = 0.4
"""A name so much less close than the closest is no answer beside it."""
MOST_PIECES = 16
MOST_OF_PIECE = 300
"""Names that a piece of a word may bring, by the sample; a piece that brings more is made longer."""
MOST_NAMES = 3_000
"""Names that all pieces together may bring."""
SHORTEST_PIECE, LONGEST_COUNTED = 3, 5
HALVES = 2
"""A word of a pair is looked for by its beginning or its end."""
MOST_PAIRED = 4
UNSEEN = 0.2
"""How often a piece stands in the sample that is not there: seldom, but perhaps in other names."""
Pieces = tuple[tuple[str, ...], ...]
"""Pieces of one word or of two: a name has one of each."""
LITTLE = 0.1
"""What a word that says little weighs, in parts of what it would weigh by its rarity."""
_ALIKE_FROM = 0.6
_PART = 0.9
_JOINED_FROM = 0.88
_NEARLY_ALL = 0.999


@dataclass(frozen=True)
class Sample:
    """Some search keys of a registry of about `names` names. They tell rare words from common ones; `little`
    are words that say little however rare they are.
    """

    names: int
    keys: tuple[str, ...] = field(repr=False)
    little: frozenset[str] = field(repr=False)

    @cached_property
    def _words(self) -> Counter[str]:
        return Counter(word for key in self.keys for word in set(meaning(key)))

    @cached_property
    def _pieces_seen(self) -> Counter[str]:
        """How many times each piece of up to LONGEST_COUNTED letters stands in the sample."""
        return Counter(
            word[at : at + length]
            for key in self.keys
            for word in key.split()
            for length in range(SHORTEST_PIECE, LONGEST_COUNTED + 1)
            for at in range(len(word) - length + 1)
        )

    @cached_property
    def _text(self) -> str:
        return "\n".join(self.keys)

    def weight(self, word: str) -> float:
        """What a word says: the rarer, the more; about 0.5 for one that every second name has."""
        rarity = math.log((len(self.keys) + 2) / (self._words[word] + 0.5)) + 0.3
        return rarity * LITTLE if word in self.little else rarity

    def pieces_of(self, key: str) -> list[Pieces]:
        """What a name must share with a search key to be looked at: a piece of a word, as short as brings few
        names, or pieces of two words that are both common. As many ways as together bring few enough.
        """
        words = list(dict.fromkeys(key.split()))
        telling = [word for word in words if word not in self.little]
        pieces = self._pieces_of_words(telling)
        if pieces:
            words = telling
        else:
            pieces = self._pieces_of_words(words)
        ways: list[Pieces] = [
            ((piece,),) for piece in sorted(pieces, key=lambda one: (self.rows(one), one))
        ]
        chosen: list[Pieces] = []
        rows = 0.0
        for way in (*ways[:MOST_PIECES], *self._pairs(words[:MOST_PAIRED])):
            rows += self._rows_of(way)
            if rows > MOST_NAMES:
                break
            chosen.append(way)
        return chosen

    def _pieces_of_words(self, words: Sequence[str]) -> set[str]:
        others = (other for word in words for other in same_meaning(word))
        return {piece for word in (*words, *others) for piece in self._pieces(word)}

    def _pieces(self, word: str) -> Iterator[str]:
        """The shortest piece from each letter on that few names have. One that no name has is no use, where
        all names are known.
        """
        for first in range(len(word) - SHORTEST_PIECE + 1):
            for last in range(first + SHORTEST_PIECE, len(word) + 1):
                rows = self.rows(word[first:last])
                if rows <= MOST_OF_PIECE:
                    if rows:
                        yield word[first:last]
                    break

    def _pairs(self, words: Sequence[str]) -> list[Pieces]:
        """The beginning or the end of two words at a time, the rarest pair first."""
        halves = [
            (word[:half], word[-half:])
            for word in words
            if (half := max(SHORTEST_PIECE, (len(word) + 1) // 2)) <= len(word)
        ]
        return sorted(combinations(halves, 2), key=self._rows_of)

    def _rows_of(self, way: Pieces) -> float:
        """About how many names have one piece of each word."""
        shares = (sum(map(self.rows, pieces)) / (self.names or 1) for pieces in way)
        return math.prod(min(1.0, share) for share in shares) * self.names

    def rows(self, piece: str) -> float:
        """About how many names have this piece."""
        count = self._pieces_seen[piece[:LONGEST_COUNTED]]
        if count and len(piece) > LONGEST_COUNTED:
            count = self._text.count(piece)
        if len(self.keys) >= self.names:
            return count
        return (count or UNSEEN) * self.names / len(self.keys)

    def piece_weight(self, piece: str) -> float:
        """What a piece says: the rarer, the more."""
        return math.log((self.names + 2) / (self.rows(piece) + 1))


class NameAsked:
    """What was typed, ready to be compared with many names."""

    def __init__(self, key: str, sample: Sample) -> None:
        self.key = key
        self.compact = key.replace(" ", "")
        self.sample = sample
        self.weights = {word: sample.weight(word) for word in meaning(key)}

    def closeness(self, key: str) -> float:
        """How close a name is, from 0 to 1, by its search key."""
        if key == self.key:
            return 1.0
        weights = {word: self.sample.weight(word) for word in meaning(key)}
        asked, name = _shares(self.weights, weights)
        words = 0.75 * asked + 0.25 * name
        if name > _NEARLY_ALL:
            words = max(words, CLOSE_FROM)  # all of it was typed, whatever else was
        joined = (
            fuzz.ratio(self.compact, key.replace(" ", ""), score_cutoff=100 * _JOINED_FROM) / 100
        )
        return min(0.99, max(words, joined))


def _shares(asked: dict[str, float], name: dict[str, float]) -> tuple[float, float]:
    """The shares of the weight of either side that the other side has, too."""
    best_asked, best_name = dict.fromkeys(asked, 0.0), dict.fromkeys(name, 0.0)
    for word in asked:
        for other in name:
            alike = word_likeness(word, other)
            if alike > best_asked[word]:
                best_asked[word] = alike
            if alike > best_name[other]:
                best_name[other] = alike
    return (
        sum(asked[word] * alike for word, alike in best_asked.items()) / (sum(asked.values()) or 1),
        sum(name[word] * alike for word, alike in best_name.items()) / (sum(name.values()) or 1),
    )


@lru_cache(maxsize=65536)
def word_likeness(typed: str, word: str) -> float:
    """How likely `typed` means `word`, from 0 to 1: a part of it, or the same with slips."""
    if typed == word:
        return 1.0
    if word.startswith(typed):
        return 0.95
    if len(typed) >= 3 and typed in word:
        return _PART
    if len(word) >= 4 and word in typed:
        return _PART
    if min(len(typed), len(word)) < 3 or typed[0].isdigit():
        return 0.0
    alike = OSA.normalized_similarity(typed, word, score_cutoff=_ALIKE_FROM)
    return alike if typed[0] == word[0] else alike * 0.95
