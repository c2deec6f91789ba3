"""Bins, denominations, claims with hidden change, and change of one's own (§12)."""

from .core import KeyStream, Reader, hash32_of, hash_of, need
from .group import G, J0, commit, decode, decode_key, encode, multi, times, wide
from .place import PlaceProof, place_bytes, place_holds
from .ranges import Ranged, range_bytes, range_holds

LIMIT = 1 << 48
DIGITS = (3, 5, 6)


class Bin:
    """A closed list of notes, from its bytes."""

    def __init__(self, data):
        reader = Reader(data, 'hidden/bad-bin')
        self.genesis, self.modulus, self.grains = reader.take(32), reader.integer(8), reader.integer(8)
        self.index, self.digits, count = reader.integer(4), reader.integer(1), reader.integer(2)
        need(self.digits in DIGITS and 1 <= count <= 4**self.digits, 'hidden/bad-bin')
        need(self.modulus > 3 * LIMIT, 'hidden/bad-bin')
        need(1 <= self.grains < LIMIT and self.grains & (self.grains - 1) == 0, 'hidden/bad-bin')
        self.raw = [(reader.take(32), reader.take(32)) for _ in range(count)]
        reader.end()
        self.root = hash32_of('tacit/hidden-bin/1', data)

    def open(self):
        self.keys = [decode_key(key) for key, _ in self.raw]
        self.commitments = [decode(commitment) for _, commitment in self.raw]
        return self


def is_denomination(amount):
    while amount > 0 and amount % 10 == 0:
        amount //= 10
    return amount in (1, 2, 5)


def denominations(amount, least, most):
    """Largest first; what is left is dust."""
    amounts, dust = [], amount
    while True:
        limit = min(dust, most)
        fitting = [digit * 10**power for power in range(len(str(max(limit, 1)))) for digit in (1, 2, 5)]
        best = max((one for one in fitting if one <= limit), default=0)
        if best < least or best == 0:
            return amounts, dust
        amounts.append(best)
        dust -= best


def check_terms(grains, amount, fee, destination, outputs):
    need(is_denomination(amount) and amount * grains < LIMIT, 'hidden/amount')
    need(0 <= fee < amount, 'hidden/fee')
    need(len(destination) == 32, 'hidden/destination')
    need(1 <= len(outputs) <= 2, 'hidden/outputs')
    for key, _ in outputs:
        decode_key(key)


def claim_bytes(digits, outputs):
    return place_bytes(digits) + 32 + range_bytes(change_ranges(1, [bytes(32)] * outputs, bytes(32)))


def change_ranges(modulus, commitments, wrap):
    return [*(Ranged(one, 48, 1) for one in commitments), Ranged(wrap, 1, modulus)]


def claim_holds(ring, amount, fee, destination, outputs, proof):
    """Whether an opened bin, terms and proof are a claim; malformed ones are refused with their reason."""
    check_terms(ring.grains, amount, fee, destination, outputs)
    need(len(proof) == claim_bytes(ring.digits, len(outputs)), 'hidden/proof-length')
    cut = place_bytes(ring.digits)
    place, wrap, range_proof = PlaceProof(ring.digits, proof[:cut]), proof[cut : cut + 32], proof[cut + 32 :]
    changes = [decode(commitment) for _, commitment in outputs]
    wrapped = decode(wrap)
    terms = [amount, fee, destination, len(outputs), *(part for note in outputs for part in note)]
    context = hash_of('tacit/hidden-claim/1', ring.genesis, ring.root, *terms, wrap, *place.messages)
    x = wide(hash_of('tacit/hidden-claim-challenge/1', context, range_proof))
    if not range_holds(context, change_ranges(ring.modulus, [one for _, one in outputs], wrap), range_proof):
        return False
    shift = [(amount * ring.grains, G), *((1, one) for one in changes), (-1, wrapped)]
    return place_holds(ring.keys, ring.commitments, shift, ring.digits, place, x)


def own_change(note_seed, genesis, tag, amount, destination, left, first):
    """Change that a wallet makes for itself: (key, amount, blinding, commitment) each (§12.11)."""
    need(0 <= first < 64 and left >= 0, 'change/split')
    amounts = [left] if first == 0 else [left * first // 64, left - left * first // 64]
    out = []
    for index, own in enumerate(amounts):
        parts = [genesis, tag, amount, destination, left, first, index]
        stream = KeyStream(hash32_of('tacit/change/2', note_seed, *parts))
        secret, blinding = wide(stream.next(64)), wide(stream.next(64))
        out.append((secret, encode(times(J0, secret)), own, blinding, encode(commit(own, blinding))))
    return out


def mint(z, mask):
    """Commitment of the note of a payout place: `C = z*G - M` (§7.5)."""
    return encode(multi([(z, G), (-1, decode(mask))]))


def note_amount(z, m, t):
    amount = (z - m) % t
    need(0 <= z < t and amount < 1 << 47, 'notes/amount-range')
    return amount

