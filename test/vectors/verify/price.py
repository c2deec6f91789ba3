"""The price of an aggregate (§9.8): what is new of its square, by Gram and Schmidt in fractions."""

from fractions import Fraction


def dot(left, right):
    return sum(x * y for x, y in zip(left, right))


def in_span(vector, past):
    """The square of the projection on the span of the past."""
    found, axes = Fraction(0), []
    for one in past:
        axis = [Fraction(x) for x in one]
        for other in axes:
            part = dot(axis, other) / dot(other, other)
            axis = [x - part * y for x, y in zip(axis, other)]
        if any(axis):
            axes.append(axis)
            found += dot(vector, axis) ** 2 / dot(axis, axis)
    return found


def price(norm, discount, pool, stake, accepted, parts):
    """The price in units."""
    e = accepted * len(parts) * norm
    q = sum(dot(u, u) - -(-in_span(u, past) * discount // 100) for u, past in parts)
    c = q - e
    return 0 if c <= 0 else min(pool * c // (4 * q), stake * c // (4 * e))


def share(priced, accepted, paid):
    return max(0, priced - paid) // accepted
