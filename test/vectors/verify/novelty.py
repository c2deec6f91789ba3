"""What of a round's weights is new, and whose items count (§9.6)."""

from fractions import Fraction

from .core import need

MOST_PAST = 4
LARGEST = 1 << 25


def inner(left, right):
    need(len(left) == len(right), 'tally/novelty-length')
    need(all(abs(value) <= LARGEST for value in (*left, *right)), 'tally/novelty-range')
    return sum(x * y for x, y in zip(left, right))


def projection(vector, past):
    """Onto the span, by Gram and Schmidt in fractions: what is left of nothing counts for nothing."""
    basis, out = [], [Fraction(0)] * len(vector)
    for one in past:
        inner(vector, one)
        rest = [Fraction(value) for value in one]
        for known, length in basis:
            by = sum(x * y for x, y in zip(known, rest)) / length
            rest = [x - by * y for x, y in zip(rest, known)]
        length = sum(x * x for x in rest)
        if length:
            basis.append((rest, length))
            by = sum(x * y for x, y in zip(rest, vector)) / length
            out = [x + by * y for x, y in zip(out, rest)]
    return out


def novelty_weights(weights, past, discount):
    """`v - discount/100 * P v`, each to the nearest, halves up."""
    need(isinstance(discount, int) and 0 <= discount <= 100, 'tally/novelty-discount')
    need(len(past) <= MOST_PAST, 'tally/novelty-past')
    if discount == 0 or not past:
        return weights
    taken = projection(weights, past)
    exact = [weight - Fraction(discount, 100) * part for weight, part in zip(weights, taken)]
    return [(2 * value + 1).__floor__() // 2 for value in exact]


def counting_items(holders, passed, named):
    """Of the items of one holder that passed the first, where holders count."""
    seen, out = set(), []
    for item in passed:
        if not holders or named[item] not in seen:
            out.append(item)
        seen.add(named[item])
    return out
