"""ristretto255 (RFC 9496), written additively; scalars are integers mod l (§1.1, §14.2)."""

from .core import Refused, from_le, hash_of, le, need

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
D2 = 2 * D % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) ** 2 % P


def is_negative(x):
    return x & 1


def absolute(x):
    return P - x if x & 1 else x


def sqrt_ratio(u, v):
    """RFC 9496 §4.2: (was square, a root of u/v or of i*u/v), never negative."""
    v3 = v * v % P * v % P
    r = u * v3 % P * pow(u * v3 % P * v3 % P * v % P, (P - 5) // 8, P) % P
    check = v * r % P * r % P
    u = u % P
    right, flipped, turned = check == u, check == (P - u) % P, check == (P - u) * SQRT_M1 % P
    if flipped or turned:
        r = r * SQRT_M1 % P
    return right or flipped, absolute(r)


# RFC 9496 has the root that is odd.
SQRT_AD_MINUS_ONE = P - sqrt_ratio((-D - 1) % P, 1)[1]
INVSQRT_A_MINUS_D = sqrt_ratio(1, (-1 - D) % P)[1]


def add(p, q):
    """Extended coordinates (X, Y, Z, T) on the curve with a = -1 (Hisil et al. 2008)."""
    x1, y1, z1, t1 = p
    x2, y2, z2, t2 = q
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = t1 * D2 % P * t2 % P
    d = 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(p):
    x, y, z, _ = p
    a = x * x % P
    b = y * y % P
    c = 2 * z * z % P
    h = a + b
    e = h - (x + y) ** 2
    g = a - b
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def negate(p):
    x, y, z, t = p
    return -x % P, y, z, -t % P


ZERO = (0, 1, 1, 0)


def equal(p, q):
    """The same element: RFC 9496 §4.3.3."""
    return (p[0] * q[1] - p[1] * q[0]) % P == 0 or (p[1] * q[1] - p[0] * q[0]) % P == 0


def is_zero(p):
    return equal(p, ZERO)


def encode(p):
    x0, y0, z0, t0 = p
    u1 = (z0 + y0) * (z0 - y0) % P
    u2 = x0 * y0 % P
    _, inv = sqrt_ratio(1, u1 * u2 % P * u2 % P)
    den1, den2 = inv * u1 % P, inv * u2 % P
    z_inv = den1 * den2 % P * t0 % P
    if is_negative(t0 * z_inv % P):
        x, y = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P
        den = den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den = x0, y0, den2
    if is_negative(x * z_inv % P):
        y = -y % P
    return le(absolute(den * (z0 - y) % P), 32)


def decode(data):
    """Strict: exactly 32 bytes, the one encoding of an element."""
    need(len(data) == 32, 'crypto/bad-point')
    s = from_le(data)
    need(s < P and not is_negative(s), 'crypto/bad-point')
    ss = s * s % P
    u1, u2 = (1 - ss) % P, (1 + ss) % P
    u2_sq = u2 * u2 % P
    v = (-(D * u1 % P * u1) - u2_sq) % P
    square, inv = sqrt_ratio(1, v * u2_sq % P)
    den_x = inv * u2 % P
    den_y = inv * den_x % P * v % P
    x = absolute(2 * s * den_x % P)
    y = u1 * den_y % P
    t = x * y % P
    need(square and not is_negative(t) and y != 0, 'crypto/bad-point')
    return x, y, 1, t


def decode_key(data):
    """A key or a tag: not the identity."""
    point = decode(data)
    need(not is_zero(point), 'crypto/identity')
    return point


def decode_scalar(data):
    need(len(data) == 32, 'crypto/bad-scalar')
    value = from_le(data)
    need(value < L, 'crypto/bad-scalar')
    return value


def encode_scalar(value):
    return le(value % L, 32)


def wide(data):
    """64 bytes mod l."""
    if len(data) != 64:
        raise Refused('crypto/scalar-length')
    return from_le(data) % L


def hash_to_scalar(label, *parts):
    return wide(hash_of(label, *parts))


def elligator(t):
    """RFC 9496 §4.3.4, MAP."""
    r = SQRT_M1 * t % P * t % P
    u = (r + 1) * ONE_MINUS_D_SQ % P
    c = P - 1
    v = (c - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    if not square:
        s, c = -absolute(s * t % P) % P, r
    n = (c * (r - 1) % P * D_MINUS_ONE_SQ - v) % P
    w0, w1 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P
    w2, w3 = (1 - s * s) % P, (1 + s * s) % P
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def hash_to_point(label, *parts):
    """Both halves of the hash, without their top bits, are mapped and added."""
    data = hash_of(label, *parts)
    halves = (from_le(data[:32]) & (2**255 - 1), from_le(data[32:]) & (2**255 - 1))
    return add(elligator(halves[0] % P), elligator(halves[1] % P))


def times(point, scalar):
    """Any integer; windows of four bits."""
    scalar %= L
    table = [ZERO, point]
    for _ in range(14):
        table.append(add(table[-1], point))
    out = ZERO
    for shift in range(252, -1, -4):
        if out is not ZERO:
            out = double(double(double(double(out))))
        digit = scalar >> shift & 15
        if digit:
            out = add(out, table[digit])
    return out


def multi(terms):
    """`sum of scalar * point` (Pippenger's buckets)."""
    terms = [(scalar % L, point) for scalar, point in terms]
    terms = [(scalar, point) for scalar, point in terms if scalar]
    if len(terms) < 6:
        out = ZERO
        for scalar, point in terms:
            out = add(out, times(point, scalar))
        return out
    width = max(3, len(terms).bit_length() - 2)
    out = ZERO
    for window in range(252 // width, -1, -1):
        for _ in range(width):
            out = double(out)
        buckets = [None] * (1 << width)
        for scalar, point in terms:
            digit = scalar >> (window * width) & ((1 << width) - 1)
            if digit:
                buckets[digit] = point if buckets[digit] is None else add(buckets[digit], point)
        running, total = None, None
        for bucket in reversed(buckets[1:]):
            if bucket is not None:
                running = bucket if running is None else add(running, bucket)
            if running is not None:
                total = running if total is None else add(total, running)
        if total is not None:
            out = add(out, total)
    return out


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
G = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)
H = hash_to_point('tacit/generator/1', 'H')
J0 = hash_to_point('tacit/generator/1', 'J0')
U0 = hash_to_point('tacit/generator/1', 'U0')


def commit(value, blinding):
    return multi([(value, G), (blinding, H)])
