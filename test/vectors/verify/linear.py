"""Linear proofs of submissions: layout, payload, transcript, what seeds stand for (§5.3 to §5.8)."""

from . import cubic
from .core import KeyStream, Reader, Refused, hash32_of, hash_of, need
from .lanes import Sealed, expansion
from .params import DATA_PRIMES, T
from .ring import binomial, public_a, residue_bytes, ternary, unpack, words

VERSION = 2
MASKS = 3


class Shape:
    """Rows, wires and sizes of a lane (§5.3)."""

    def __init__(self, lane):
        self.lane = lane
        self.digits = lane.values * lane.digits
        best = None
        for rows in range(1, lane.values + 1):
            wires = -(-lane.values // rows) * lane.digits
            quotient = 15 * rows + 33
            squares = 2 * rows + 5 if lane.norm is not None else 0
            words_ = 3 * (wires + quotient) + squares
            if best is None or words_ < best[0]:
                best = (words_, rows, wires, quotient, squares)
            if best[0] < 3 * quotient:
                break
        _, self.rows, self.wires, self.range, self.squares = best
        self.padding = self.rows * (self.wires // lane.digits) - lane.values
        self.at_range = self.digits + MASKS * self.wires
        self.at_squares = self.at_range + 3 * self.range
        self.end = self.at_squares + self.squares


def check_lane(lane, most_values):
    """Equations of integers hold modulo t only below it (§5.3)."""
    need(1 <= lane.values <= most_values and 1 <= lane.digits <= 12, 'proofs/bad-lane')
    need(0 <= lane.offset < min(lane.limit, 1 << 32) and lane.values * lane.digits <= 2 * most_values, 'proofs/bad-lane')
    need(all(claim is None or 0 <= claim < 1 << 63 for claim in (lane.norm, lane.total)), 'proofs/bad-lane')
    largest = max(lane.offset, lane.limit - 1 - lane.offset)
    sides = []
    if lane.norm is not None:
        sides += [lane.norm, lane.values * largest**2]
    if lane.bounds is not None:
        sides += [lane.total, 2 * lane.limit, 2 * lane.limit * lane.values // 4]
    elif lane.total is not None:
        sides += [lane.total + lane.values * lane.offset, lane.values * (lane.limit - 1)]
    need(all(side < T for side in sides), 'proofs/bad-lane')


def used_of(params, lane):
    """Coefficients that carry values, by polynomial (§5.4)."""
    return [min(params.degree, lane.values - from_) for from_ in range(0, lane.values, params.degree)]


def payload_bytes(params, lane):
    shape = Shape(lane)
    parts = (shape.digits, 3 * shape.range + shape.squares, 3 * shape.wires)
    ciphertext = residue_bytes(DATA_PRIMES, params.degree) + sum(residue_bytes(DATA_PRIMES, one) for one in used_of(params, lane))
    return ciphertext + sum(cubic.plain_bytes(one) for one in parts)


def sealed_bytes(params, lane):
    return 4 + 32 + 64 + 32 + 2 * 48 * len(params.subsets) + payload_bytes(params, lane) + 16


class Payload:
    """Strictly decoded; a refusal has the reason that members post (§5.8)."""

    def __init__(self, params, lane, data):
        shape, reader = Shape(lane), Reader(data, 'payloadForm')
        start = reader.at
        try:
            self.c1 = unpack(DATA_PRIMES, reader.take(residue_bytes(DATA_PRIMES, params.degree)), params.degree)
            self.c0 = []
            for used in used_of(params, lane):
                self.c0.append(unpack(DATA_PRIMES, reader.take(residue_bytes(DATA_PRIMES, used)), used))
        except Refused:
            raise Refused('ciphertext') from None
        need(any(any(row) for row in self.c1), 'ciphertext')
        self.ciphertext = data[start : reader.at]
        self.delta_bytes = reader.take(cubic.plain_bytes(shape.digits))
        self.deltas = decoded(self.delta_bytes, shape.digits, 'delta')
        count = 3 * shape.range + shape.squares
        self.proof_bytes = reader.take(cubic.plain_bytes(count))
        self.proof = decoded(self.proof_bytes, count, 'scalar')
        self.opened = cubic.triples(decoded(reader.take(cubic.plain_bytes(3 * shape.wires)), 3 * shape.wires, 'scalar'))
        reader.end()


def decoded(data, count, reason):
    try:
        return cubic.decode(data, count)
    except Refused:
        raise Refused(reason) from None


class Keys:
    """What contributors encrypt and seal to: `b` of each polynomial modulo the data primes."""

    def __init__(self, context, b, mask_keys):
        self.a, self.b, self.mask_keys = public_a(context)[:3], [one[:3] for one in b], mask_keys


def transcript(binding, keys, sealed, payload):
    """`h0`, the range challenge and the point (§5.6)."""
    digest = hash32_of('tacit/encryption-key/1', words(keys.a), words(keys.b[0]))
    further = [words(b) for b in keys.b[1:]]
    statement = [*keys.mask_keys, sealed.ephemeral, *sealed.seed_boxes, payload.ciphertext, payload.delta_bytes]
    h0 = hash_of('tacit/linear/1', *binding.parts, digest, *further, *statement)
    wires = Shape(binding.lane).wires
    r = cubic.triples(cubic.uniform(KeyStream(hash32_of('tacit/linear/range/1', h0)), 3 * wires))
    rho = cubic.point(KeyStream(hash32_of('tacit/linear/point/1', h0, payload.proof_bytes)))
    return h0, r, rho


class Piece:
    """What one subset's seed stands for (§5.3, §5.4)."""

    def __init__(self, binding, ephemeral, subset, seed):
        def stream(purpose):
            return KeyStream(expansion(binding, ephemeral, subset, seed, purpose))

        params, lane = binding.context.params, binding.lane
        small = stream('small')
        self.u = ternary(small, params.degree)
        first = binomial(small, params.degree)
        self.e1 = binomial(small, params.degree)
        others = range(1, len(used_of(params, lane)))
        self.e0 = [first, *(binomial(stream(f'error/{p}'), params.degree) for p in others)]
        self.words = cubic.uniform(stream('linear'), Shape(lane).end)


def values_of(lane, digits):
    """Base-16 sums of digits, modulo t."""
    d = lane.digits
    return [sum(digits[v * d + i] << (4 * i) for i in range(d)) % T for v in range(lane.values)]


def by_polynomial(params, values):
    return [values[from_ : from_ + params.degree] for from_ in range(0, len(values), params.degree)]


def open_submission(binding, keys, data, seal_secrets):
    """(sealed, payload, challenges, nothing), or why it is refused."""
    params, lane = binding.context.params, binding.lane
    sealed = Sealed(params, lane, data, VERSION, payload_bytes(params, lane))
    raw, reason = sealed.payload(binding, seal_secrets)
    if raw is None:
        return sealed, None, None, reason
    try:
        payload = Payload(params, lane, raw)
    except Refused as refusal:
        return sealed, None, None, refusal.reason
    return sealed, payload, transcript(binding, keys, sealed, payload), None
