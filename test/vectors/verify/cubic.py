"""`F_t` and `K = F_t[Y]/(Y^3 - 3)`: elements of K are triples (§5.2)."""

from .core import need
from .params import T
from .ring import pack, residue_bytes, unpack

ZERO, ONE = (0, 0, 0), (1, 0, 0)


def of(value):
    return (value % T, 0, 0)


def add(*terms):
    return tuple(sum(column) % T for column in zip(*terms))


def sub(a, b):
    return tuple((x - y) % T for x, y in zip(a, b))


def scale(a, by):
    return tuple(x * by % T for x in a)


def mul(a, b):
    a0, a1, a2 = a
    b0, b1, b2 = b
    return (
        (a0 * b0 + 3 * (a1 * b2 + a2 * b1)) % T,
        (a0 * b1 + a1 * b0 + 3 * a2 * b2) % T,
        (a0 * b2 + a1 * b1 + a2 * b0) % T,
    )


def invert(a):
    """By the adjugate: a * (its cofactors) is the norm, an element of F_t."""
    a0, a1, a2 = a
    c0, c1, c2 = a0 * a0 - 3 * a1 * a2, 3 * a2 * a2 - a0 * a1, a1 * a1 - a0 * a2
    norm = (a0 * c0 + 3 * (a1 * c2 + a2 * c1)) % T
    need(norm != 0, 'linear/zero')
    back = pow(norm, -1, T)
    return (c0 * back % T, c1 * back % T, c2 * back % T)


def dot(weights, values):
    """Of K with integers."""
    out = [0, 0, 0]
    for weight, value in zip(weights, values):
        for i in range(3):
            out[i] += weight[i] * value
    return tuple(x % T for x in out)


def triples(flat):
    return [tuple(flat[i : i + 3]) for i in range(0, len(flat), 3)]


def plain_bytes(count):
    return residue_bytes((T,), count)


def encode(flat):
    return pack((T,), [flat])


def decode(data, count):
    return unpack((T,), data, count)[0]


def uniform(stream, count):
    """50 bits an element; while one is not below t, all are drawn again."""
    while True:
        data = stream.next(plain_bytes(count))
        total = int.from_bytes(data, 'little')
        flat = [total >> (50 * i) & (2**50 - 1) for i in range(count)]
        if all(value < T for value in flat):
            return flat


def point(stream):
    """Not in F_t."""
    while True:
        flat = uniform(stream, 3)
        if flat[1] or flat[2]:
            return tuple(flat)


def lagrange(rho, first, count):
    """Coefficients at `rho` of the values at the points first, first+1, ..."""
    differences = [sub(rho, of(first + i)) for i in range(count)]
    whole = ONE
    for one in differences:
        whole = mul(whole, one)
    # The product of (x_i - x_j) over j is i! (count-1-i)! with a sign.
    factorials = [1]
    for i in range(1, count):
        factorials.append(factorials[-1] * i % T)
    out = []
    for i, one in enumerate(differences):
        under = factorials[i] * factorials[count - 1 - i] * (-1) ** (count - 1 - i) % T
        out.append(scale(mul(whole, invert(one)), pow(under, -1, T)))
    return out


def vanishing(rho, count):
    """`prod over x = 1..count of (rho - x)`."""
    out = ONE
    for x in range(1, count + 1):
        out = mul(out, sub(rho, of(x)))
    return out
