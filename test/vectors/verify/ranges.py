"""Bulletproofs+ over several commitments with units (§12.4)."""

from .core import Reader, hash_of, need
from .group import G, H, L, decode, decode_scalar, equal, hash_to_point, multi, wide

GENERATORS = {}


def generator(side, index):
    key = (side, index)
    if key not in GENERATORS:
        GENERATORS[key] = hash_to_point('tacit/range-generator/1', side, index)
    return GENERATORS[key]


class Ranged:
    def __init__(self, commitment, bits, unit):
        need(1 <= bits <= 64, 'range/statement')
        need(1 <= unit < 1 << 64, 'range/statement')
        self.commitment, self.bits, self.unit = commitment, bits, unit


def places(ranged):
    total, length = sum(one.bits for one in ranged), 64
    while length < total:
        length *= 2
    need(length <= 1024, 'range/statement')
    return length


def range_bytes(ranged):
    return 32 * (6 + 2 * (places(ranged).bit_length() - 1))


class Challenges:
    """A state that each message moves on; a challenge is never 0."""

    def __init__(self, state):
        self.state = state

    def next(self, *messages):
        self.state = hash_of('tacit/challenge-chain/1', self.state, *messages)
        value = wide(self.state)
        need(value != 0, 'range/zero-challenge')
        return value


def statement_hash(context, ranged):
    parts = [part for one in ranged for part in (one.commitment, one.bits, one.unit)]
    return hash_of('tacit/range/1', context, len(ranged), *parts)


def bit_weights(ranged, z, length):
    out = []
    for j, one in enumerate(ranged, 1):
        out += [pow(z, 2 * j, L) * one.unit % L * (1 << i) % L for i in range(one.bits)]
    return out + [0] * (length - len(out))


def range_holds(context, ranged, data):
    """The proof's moves are followed as they are written, on the generators themselves."""
    need(len(ranged) > 0, 'range/statement')
    length = places(ranged)
    moves = length.bit_length() - 1
    need(len(data) == range_bytes(ranged), 'range/length')
    reader = Reader(data, 'range/length')
    raw = [reader.take(32) for _ in range(1 + 2 * moves + 2)]
    points = [decode(one) for one in raw]
    r, s, d = (decode_scalar(reader.take(32)) for _ in range(3))
    reader.end()
    commitments = [decode(one.commitment) for one in ranged]
    chain = Challenges(statement_hash(context, ranged))
    y = chain.next(raw[0])
    z = chain.next()
    powers = [pow(y, i, L) for i in range(length + 2)]
    weights = bit_weights(ranged, z, length)
    tops = [weights[i - 1] * powers[length + 1 - i] for i in range(1, length + 1)]
    # Exponents of what is left at the end: of each generator, of every point sent, of G and H.
    sums = (z - z * z) * sum(powers[1 : length + 1]) - z * powers[length + 1] * sum(weights)
    terms = [(1, points[0]), (sums, G)]
    terms += [(powers[length + 1] * pow(z, 2 * j, L), one) for j, one in enumerate(commitments, 1)]
    lefts, rights = [1] * length, [1] * length
    for move in range(moves):
        e = chain.next(raw[1 + move], raw[1 + moves + move])
        half = length >> (move + 1)
        back = pow(e, -1, L)
        fold(lefts, half, back, e * pow(y, -half, L))
        fold(rights, half, e, back)
        terms += [(e * e, points[1 + move]), (back * back, points[1 + moves + move])]
    e = chain.next(raw[-2], raw[-1])
    side = [(e * e * scalar, point) for scalar, point in terms]
    for i in range(length):
        side.append((e * e * -z - r * e * lefts[i], generator('left', i)))
        side.append((e * e * (z + tops[i]) - s * e * rights[i], generator('right', i)))
    side += [(e, points[-2]), (1, points[-1]), (-r * y * s, G), (-d, H)]
    return equal(multi(side), multi([]))


def fold(factors, half, first, second):
    """Generators that are one behind the other are summed with these two factors."""
    for i in range(len(factors)):
        factors[i] = factors[i] * (second if i // half % 2 else first) % L
