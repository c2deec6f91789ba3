"""Rounds that are summed (§6.6)."""

from .openings import Request, Slots
from .ring import ciphertext_hash
from .whole import Round


class Fails(Exception):
    """A round that ends without a result."""


class SumRound(Round):
    steps = ('keying', 'key_check', 'reveal', 'check', 'sum')

    def __init__(self, context, k_min, lane, blocks):
        self.sums, self.failure = None, None
        try:
            super().__init__(context, {'kMin': k_min, 'parts': []}, [lane], [], blocks)
        except Fails as failure:
            self.failure = str(failure)

    def accept(self, held):
        self.vectors = [one for one in self.submissions if one.accepted]
        if len(self.vectors) < self.rule['kMin']:
            raise Fails('TooFewAccepted')

    def sum(self):
        """Of each value the sum of all accepted vectors; of a meter the first values alone, one a bound."""
        (lane,) = self.lanes
        count = lane.values if lane.bounds is None else len(lane.bounds)
        pair = self.summed([self.ciphertext(one.payload) for one in self.vectors])
        name = ciphertext_hash(self.params, *pair)
        request = Request(self.context, 'sum', 0, [name], [Slots(0, 0, count, 1, len(self.vectors))])
        self.sums = self.step('Sum', 'ciphertext', name, request)
        self.name = name
