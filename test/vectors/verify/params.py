"""Parameter sets and the noise that they have room for (§1.1, §1.3, §1.5, §6.3, §14.5)."""

from itertools import combinations
from math import isqrt

from .core import Refused

T = 2**50 - 27
DATA_PRIMES = (0x7FFFFFFFFF18001, 0x7FFFFFFFFFA4001, 0x7FFFFFFFFFCC001)
SPECIAL_PRIME = 0x1FFFFE0001
KEY_PRIMES = (*DATA_PRIMES, SPECIAL_PRIME)
Q = DATA_PRIMES[0] * DATA_PRIMES[1] * DATA_PRIMES[2]
LAMBDA = {4: 48, 7: 48, 10: 44}
WEIGHT_BITS = {4: 42, 7: 35, 10: 32}
"""Sets by id: degree and members."""
SETS = {f'{name}-n{n}': (degree, n) for name, degree in (('tacit-8192', 8192), ('tacit-test-256', 256)) for n in (4, 7, 10)}


def ceil_sqrt(value):
    root = isqrt(value)
    return root if root * root == value else root + 1


class Params:
    def __init__(self, name):
        if name not in SETS:
            raise Refused('fhe/unknown-params')
        self.id = name
        self.degree, self.n = SETS[name]
        self.f = (self.n - 1) // 3
        self.subsets = list(combinations(range(self.n), self.n - self.f))
        self.max_weight_norm = 1 << WEIGHT_BITS[self.n]
        c = len(self.subsets)
        self.unit_noise = ceil_sqrt(self.degree) * (2 * self.degree * 21 * c * c + 21 * c + c + 1)
        room = Q // (2 * T) - self.unit_noise * self.max_weight_norm - c - 2
        self.flood_bits = (room // c).bit_length() - 1
        self.statistical_bits = LAMBDA[self.n]

    def opened_noise(self, weight_norm):
        """Most noise that an honest opening shows (§6.4)."""
        c = len(self.subsets)
        return (c << self.flood_bits) + self.unit_noise * weight_norm + c + 2

    def distance_bits(self, openings):
        """Largest whole `b` with a distance of at most 2^-b; `openings` are pairs (values, weight norm) (§6.3)."""
        shift = sum(values * self.unit_noise * norm for values, norm in openings)
        return self.flood_bits + 1 - (max(shift, 1) - 1).bit_length()


class Context:
    """What a round's derivations are bound to (§1.2)."""

    def __init__(self, genesis, term, round_, params):
        self.genesis, self.term, self.round, self.params = genesis, term, round_, params

    @property
    def parts(self):
        return [self.genesis, self.term, self.round, self.params.id]

    @property
    def bound(self):
        """The order of what contributors' and checks' hashes begin with."""
        return [self.genesis, self.params.id, self.term, self.round]
