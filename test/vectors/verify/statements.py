"""Keys of verifiers and statements for one verifier (§15.4)."""

from .core import Refused, hash32_of, hash_of, need
from .group import G, H, J0, L, decode, decode_key, decode_scalar, encode, multi, wide
from .seals import schnorr_holds

MOST = 256
LIMIT = 1 << 47


def key_of(data):
    """The key in 96 bytes whose secret is known."""
    need(len(data) == 96, 'designated/verifier-key')
    key, proof = data[:32], data[32:]
    try:
        known = schnorr_holds(key, hash32_of('tacit/verifier-key/1', key), proof)
    except Refused:
        known = False
    need(known, 'designated/verifier-key')
    return key


class Stated:
    """A note and what it is said to hold."""

    def __init__(self, round_, item, grains, z, key, commitment):
        self.round, self.item, self.grains, self.z = round_, item, grains, z
        self.key, self.commitment = key, commitment

    def rest(self, t):
        """`D = C - (a - w t) G`."""
        held = self.grains - t if self.z < self.grains else self.grains
        return multi([(1, decode(self.commitment)), (-held, G)])


def statement_holds(verifier, genesis, account, t, notes, proof):
    """Whether a proof shows what is stated, to the holder of `verifier`; false for whatever has not its form."""
    if not 1 <= len(notes) <= MOST or len(proof) != 32 * (3 + 2 * len(notes)):
        return False
    if any(not 0 <= one.grains < LIMIT for one in notes):
        return False
    try:
        answers = [decode_scalar(proof[32 * i : 32 * i + 32]) for i in range(len(proof) // 32)]
        own, chosen, last, *rest = answers
        target = decode_key(verifier)
        points = [point for one in notes for point in (decode_key(one.key), one.rest(t))]
    except Refused:
        return False
    named = [part for one in notes for part in (one.round, one.item, one.grains)]
    message = hash32_of('tacit/statement/1', genesis, account, len(notes), *named)
    masks = [
        encode(multi([(answer, H if i % 2 else J0), (-own, point)])) for i, (answer, point) in enumerate(zip(rest, points))
    ]
    mask = encode(multi([(last, G), (-chosen, target)]))
    shown = [data for one, left in zip(notes, points[1::2]) for data in (one.key, encode(left))]
    challenge = wide(hash_of('tacit/designated/1', verifier, message, len(notes), *shown, *masks, mask))
    return (own + chosen - challenge) % L == 0
