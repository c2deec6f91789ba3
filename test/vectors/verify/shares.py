"""Local conversion and robust decoding (§2.5, §2.6, §6.4)."""

from functools import lru_cache
from itertools import combinations

from .core import Refused


def inverse(value, q):
    return pow(value % q, -1, q)


@lru_cache(maxsize=None)
def factor(n, outside, member, q):
    """`F_A(member)`: 1 at 0, 0 at the members outside of A; abscissae are numbers plus one."""
    out = 1
    for o in outside:
        out = out * (o - member) % q * inverse(o + 1, q) % q
    return out


def factor_of(params, subset, member, q):
    outside = tuple(j for j in range(params.n) if j not in params.subsets[subset])
    return factor(params.n, outside, member, q)


def share_of(params, member, pieces, q):
    """Share of the integer that `pieces` (by subset) add up to."""
    total = 0
    for subset, members in enumerate(params.subsets):
        if member in members:
            total += pieces[subset] * factor_of(params, subset, member, q)
    return total % q


@lru_cache(maxsize=None)
def lagrange(members, x, q):
    """What the values at the members' abscissae are multiplied by for the value at `x`."""
    weights = []
    for j in members:
        weight = 1
        for other in members:
            if other != j:
                weight = weight * (x - other - 1) % q * inverse(j - other, q) % q
        weights.append(weight)
    return tuple(weights)


def value_at(members, rows, k, x, q):
    return sum(w * rows[j][k] for w, j in zip(lagrange(members, x, q), members)) % q


def decode(params, posts, moduli):
    """
    Vectors of posts, `posts[member]` one list for each of `moduli`. 2f+1 posts count that lie on one polynomial of degree f everywhere: two such sets share
    f+1 members, so there is one polynomial at most. Returns (status, values per modulus, liars).
    """
    members = sorted(posts)
    if any(not 0 <= j < params.n for j in members):
        raise Refused('fhe/member')
    for j in members:
        if [len(row) for row in posts[j]] != [len(row) for row in posts[members[0]]] or len(posts[j]) != len(moduli):
            raise Refused('fhe/length')
        if any(not 0 <= value < q for q, row in zip(moduli, posts[j]) for value in row):
            raise Refused('fhe/unreduced')
    for base in combinations(members, params.f + 1):
        fitting = [j for j in members if j in base or fits(posts, base, j, moduli)]
        if len(fitting) >= 2 * params.f + 1:
            values = [
                [value_at(base, {m: posts[m][i] for m in base}, k, 0, q) for k in range(len(posts[base[0]][i]))]
                for i, q in enumerate(moduli)
            ]
            return 'decoded', values, [j for j in members if j not in fitting]
    return ('waiting' if len(members) < params.n else 'undecodable'), None, None


def fits(posts, base, member, moduli):
    for i, q in enumerate(moduli):
        weights = lagrange(base, member + 1, q)
        rows = [posts[j][i] for j in base]
        for k, value in enumerate(posts[member][i]):
            if sum(w * row[k] for w, row in zip(weights, rows)) % q != value:
                return False
    return True
