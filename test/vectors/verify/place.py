"""One-out-of-many proofs with a tag (§12.3)."""

from .core import Reader, need
from .group import L, U0, J0, H, decode, decode_key, decode_scalar, equal, hash_to_point, multi


def generators(digits):
    pairs = range(4 * digits)
    return (
        [hash_to_point('tacit/place-digit/1', 'digits', k) for k in pairs],
        [hash_to_point('tacit/place-digit/1', 'products', k) for k in pairs],
    )


def place_bytes(digits):
    """J, A, B, three lists of m points, three answers a digit and three more."""
    return 32 * (3 + 3 * digits + 3 * digits + 3)


class PlaceProof:
    """The parts of a proof, strictly decoded."""

    def __init__(self, digits, data):
        need(len(data) == place_bytes(digits), 'place/length')
        reader = Reader(data, 'place/length')
        self.messages = [reader.take(32) for _ in range(3 + 3 * digits)]
        self.tag = decode_key(self.messages[0])
        points = [decode(one) for one in self.messages[1:]]
        self.masks, self.bits = points[0], points[1]
        self.keys = points[2 : 2 + digits]
        self.tags = points[2 + digits : 2 + 2 * digits]
        self.values = points[2 + 2 * digits :]
        self.answers = [[decode_scalar(reader.take(32)) for _ in range(3)] for _ in range(digits)]
        self.z, self.z_key, self.z_value = (decode_scalar(reader.take(32)) for _ in range(3))
        reader.end()


def place_holds(keys, commitments, shift, digits, proof, x):
    """
    The four equations, each for itself. `keys` and `commitments` are the notes of the bin; place `i` of the ring holds note `i mod count`; `shift` is D, a
    list of (scalar, point).
    """
    f = [[(x - sum(row)) % L, *row] for row in proof.answers]
    weights = [1]
    for row in f:
        # Digit 0 is the lowest: the products of later digits stand behind those of earlier ones.
        weights = [w * one % L for one in row for w in weights]
    per_note = [0] * len(keys)
    for i, weight in enumerate(weights):
        per_note[i % len(keys)] = (per_note[i % len(keys)] + weight) % L
    powers = [pow(x, u, L) for u in range(digits + 1)]
    left, right = generators(digits)
    flat = [one for row in f for one in row]
    squares = [one * (x - one) % L for one in flat]
    opening = [*zip(flat, left), *zip(squares, right), (proof.z, H)]
    digits_hold = equal(multi([(1, proof.masks), (x, proof.bits)]), multi(opening))
    keys_hold = equal(
        multi([*zip(per_note, keys), *((-p, one) for p, one in zip(powers, proof.keys))]), multi([(proof.z_key, J0)])
    )
    tags_hold = equal(
        multi([(powers[digits], U0), *((-p, one) for p, one in zip(powers, proof.tags))]), multi([(proof.z_key, proof.tag)])
    )
    less = [(-powers[digits] * scalar, point) for scalar, point in shift]
    values_hold = equal(
        multi([*zip(per_note, commitments), *less, *((-p, one) for p, one in zip(powers, proof.values))]),
        multi([(proof.z_value, H)]),
    )
    return digits_hold and keys_hold and tags_hold and values_hold
