"""The check of linear proofs: random coefficients, members' shares and posts (§5.7, §5.9, §14.7)."""

from . import cubic
from .core import KeyStream, from_le, hash32_of
from .linear import MASKS, Shape, by_polynomial, used_of, values_of
from .params import DATA_PRIMES, T
from .ring import encode_values, multiply, uniform
from .shares import factor_of


class Tables:
    """Random coefficients of a round's checks (§5.7, §5.4)."""

    def __init__(self, context, lane, beacon):
        self.context, self.lane, self.beacon, self.shape = context, lane, beacon, Shape(lane)
        self.label = [*context.bound, beacon]
        stream = KeyStream(hash32_of('tacit/linear/check/1', *self.label, self.shape.wires))
        flat = cubic.triples(cubic.uniform(stream, 3 * (self.shape.wires + 4)))
        self.wires = flat[:-4]
        self.range, self.squares, self.norm, self.claim = flat[-4:]
        self.claims = self.claim_of()

    def claim_of(self):
        """(coefficients of the digits, right side) of the total or of a meter's equations; nothing without one."""
        lane = self.lane
        if lane.bounds is None:
            if lane.total is None:
                return None
            values, right = [cubic.ONE] * lane.values, cubic.of(lane.total + lane.values * lane.offset)
        else:
            equations = lane.equations()
            stream = KeyStream(hash32_of('tacit/linear/meter/1', *self.label))
            weights = cubic.triples(cubic.uniform(stream, 3 * len(equations)))
            values, right = [cubic.ZERO] * lane.values, cubic.ZERO
            for (terms, own), weight in zip(equations, weights):
                right = cubic.add(right, cubic.scale(weight, own))
                for place, by in terms.items():
                    values[place] = cubic.add(values[place], cubic.scale(weight, by))
        return [cubic.scale(one, 16**i) for one in values for i in range(lane.digits)], right

    def chi(self, number, *polynomial):
        seed = hash32_of('tacit/linear/chi/1', *self.label, number, *polynomial)
        return uniform(KeyStream(seed), self.context.params.degree, DATA_PRIMES)


def left_side(tables, rho, vector):
    shape = tables.shape
    rows = []
    for x in range(shape.rows + MASKS):
        if x < shape.rows:
            row = vector[shape.wires * x : min(shape.wires * (x + 1), shape.digits)]
        else:
            from_ = shape.digits + shape.wires * (x - shape.rows)
            row = vector[from_ : from_ + shape.wires]
        rows.append(cubic.dot(tables.wires, row))
    out = cubic.ZERO
    for weight, row in zip(cubic.lagrange(rho, 1, len(rows)), rows):
        out = cubic.add(out, cubic.mul(weight, row))
    quotient = cubic.ZERO
    values = cubic.triples(vector[shape.at_range : shape.at_squares])
    for weight, one in zip(cubic.lagrange(rho, shape.rows + 1, shape.range), values):
        quotient = cubic.add(quotient, cubic.mul(weight, one))
    out = cubic.add(out, cubic.mul(tables.range, quotient))
    if shape.squares:
        sums = vector[shape.at_squares : shape.end]
        out = cubic.add(out, cubic.mul(tables.squares, cubic.dot(cubic.lagrange(rho, 1, shape.squares), sums)))
        out = cubic.add(out, cubic.scale(tables.norm, sum(sums[: shape.rows])))
    if tables.claims is not None:
        out = cubic.add(out, cubic.mul(tables.claim, cubic.dot(tables.claims[0], vector[: shape.digits])))
    return out


def right_side(tables, opened, r, rho):
    shape, lane = tables.shape, tables.lane
    out = cubic.ZERO
    for weight, one in zip(tables.wires, opened):
        out = cubic.add(out, cubic.mul(weight, one))
    ranges = cubic.ZERO
    for weight, one in zip(r, opened):
        product = weight
        for c in range(16):
            product = cubic.mul(product, cubic.sub(one, cubic.of(c)))
        ranges = cubic.add(ranges, product)
    ranges = cubic.mul(ranges, cubic.invert(cubic.vanishing(rho, shape.rows)))
    out = cubic.add(out, cubic.mul(tables.range, ranges))
    if shape.squares:
        squares = cubic.ZERO
        for from_ in range(0, shape.wires, lane.digits):
            value = cubic.of(-lane.offset)
            for i in range(lane.digits):
                value = cubic.add(value, cubic.scale(opened[from_ + i], 16**i))
            squares = cubic.add(squares, cubic.mul(value, value))
        norm = lane.norm + shape.padding * lane.offset**2
        out = cubic.add(out, cubic.mul(tables.squares, squares), cubic.scale(tables.norm, norm))
    if tables.claims is not None:
        out = cubic.add(out, cubic.mul(tables.claim, tables.claims[1]))
    return out


def dot_mod(a, b, q):
    return sum(x * y for x, y in zip(a, b)) % q


class Share:
    """A member's share of everything that the seeds of a submission stand for."""

    def __init__(self, binding, member, pieces):
        params, lane = binding.context.params, binding.lane
        own = [(A, pieces[A]) for A, members in enumerate(params.subsets) if member in members]
        factors = [[factor_of(params, A, member, q) for A, _ in own] for q in DATA_PRIMES]

        def shared(select):
            columns = [select(piece) for _, piece in own]
            return [
                [sum(f * x for f, x in zip(row, column)) % q for column in zip(*columns)]
                for row, q in zip(factors, DATA_PRIMES)
            ]

        self.u, self.e1 = shared(lambda piece: piece.u), shared(lambda piece: piece.e1)
        self.e0, self.pads = [], []
        for p in range(len(used_of(params, lane))):
            self.e0.append(shared(lambda piece: piece.e0[p]))
            rows = [encode_values(by_polynomial(params, values_of(lane, piece.words))[p], params.degree) for _, piece in own]
            self.pads.append(
                [
                    [sum(f * x for f, x in zip(factors[i], column)) % q for column in zip(*(row[i] for row in rows))]
                    for i, q in enumerate(DATA_PRIMES)
                ]
            )
        on_t = [factor_of(params, A, member, T) for A, _ in own]
        self.words = [sum(f * x for f, x in zip(on_t, column)) % T for column in zip(*(piece.words for _, piece in own))]


def member_post(tables, keys, payload, challenges, share):
    """Three words of F_t, and per data prime two functionals of `c1` and of all `c0` (§5.7, §5.4)."""
    lane, params, shape = tables.lane, tables.context.params, tables.shape
    _, r, rho = challenges
    deltas = [*payload.deltas, *[0] * (shape.at_range - shape.digits), *payload.proof]
    vector = [(x + y) % T for x, y in zip(share.words, deltas)]
    k = cubic.sub(left_side(tables, rho, vector), right_side(tables, payload.opened, r, rho))
    plain = [(value - lane.offset) % T for value in values_of(lane, payload.deltas)]
    known = [encode_values(one, params.degree) for one in by_polynomial(params, plain)]
    chis = [(tables.chi(i), [tables.chi(i, p) for p in range(len(known))]) for i in range(2)]
    out = []
    for i, q in enumerate(DATA_PRIMES):
        row = []
        for chi, of_c0 in chis:
            c1 = dot_mod(chi[i], share.e1[i], q) + dot_mod(chi[i], multiply(keys.a[i], share.u[i], q), q)
            row.append((c1 - dot_mod(chi[i], payload.c1[i], q)) % q)
            total = 0
            for p, used in enumerate(used_of(params, lane)):
                product = multiply(keys.b[p][i], share.u[i], q)
                columns = zip(product, share.e0[p][i], share.pads[p][i], known[p][i])
                summed = [sum(column) for column in columns]
                own = of_c0[p][i][:used]
                total += dot_mod(own, summed[:used], q) - dot_mod(own, payload.c0[p][i], q)
            row.append(total % q)
        out.append(row)
    return k, out


def combine(context, beacon, entries):
    """Weighted sum of posts of several payloads, (id, post) each (§5.9)."""
    k, q = cubic.ZERO, [[0] * 4 for _ in DATA_PRIMES]
    for name, (own, residues) in entries:
        stream = KeyStream(hash32_of('tacit/linear/payload/1', *context.bound, beacon, name))
        k = cubic.add(k, cubic.mul(tuple(cubic.uniform(stream, 3)), own))
        for i, prime in enumerate(DATA_PRIMES):
            for functional in range(2):
                weight = from_le(stream.next(16)) % prime
                for at in (2 * functional, 2 * functional + 1):
                    q[i][at] = (q[i][at] + weight * residues[i][at]) % prime
    return k, q
