"""Key chains, keys of a round, who posts them; deals (§2.1, §2.2, §3, §14.5)."""

from .core import KeyStream, Refused, hash32_of, need
from .group import hash_to_scalar
from .params import KEY_PRIMES
from .ring import add_rows, binomial, multiply, pack, public_a, ternary


def ratchet(chain_key, round_):
    """(key of the round, next key of the chain)."""
    need(len(chain_key) == 32, 'fhe/key-length')
    return hash32_of('tacit/round-key/1', chain_key, round_), hash32_of('tacit/chain-key/1', chain_key)


def piece(label, context, subset, round_key):
    return KeyStream(hash32_of(label, round_key, *context.parts, subset))


def secret_piece(context, subset, round_key):
    return ternary(piece('tacit/secret-piece/1', context, subset, round_key), context.params.degree)


def error_piece(context, subset, round_key):
    return binomial(piece('tacit/error-piece/1', context, subset, round_key), context.params.degree)


def box_secret(context, purpose, subset, round_key):
    return hash_to_scalar('tacit/box-secret/1', purpose, round_key, *context.parts, subset)


def key_assignment(params, absent):
    """Of each subset the first of its members with the fewest subsets so far; if it is absent the next present one in cyclic order."""
    load, out = [0] * params.n, []
    for members in params.subsets:
        first = min(members, key=lambda j: (load[j], j))
        load[first] += 1
        start = members.index(first)
        order = [*members[start:], *members[:start]]
        present = [j for j in order if j not in absent]
        if not present:
            raise Refused('fhe/subset-absent')
        out.append(present[0])
    return out


def key_postings(context, round_keys, assignment):
    """By member, the sum of `b_A = -(a*s_A + e_A)` over its subsets, modulo the key primes."""
    a, out = public_a(context), {}
    for member in sorted(set(assignment)):
        own = [A for A, poster in enumerate(assignment) if poster == member]
        s = [sum(column) for column in zip(*(secret_piece(context, A, round_keys[A]) for A in own))]
        e = [sum(column) for column in zip(*(error_piece(context, A, round_keys[A]) for A in own))]
        out[member] = [
            [(-x - y) % q for x, y in zip(multiply(row, [one % q for one in s], q), e)] for row, q in zip(a, KEY_PRIMES)
        ]
    return out


def public_key(postings):
    return add_rows(*postings.values())


def public_key_hash(context, b):
    return hash32_of('tacit/public-key/1', *context.parts, pack(KEY_PRIMES, b), pack(KEY_PRIMES, public_a(context)))


def postings_digest(context, postings, assignment):
    parts = [hash32_of('tacit/key-posting/1', j, pack(KEY_PRIMES, postings[j])) for j in sorted(postings)]
    return hash32_of('tacit/key-postings/1', *context.parts, bytes(assignment), *parts)


def receivers(params, subset, dealer):
    return [j for j in params.subsets[subset] if j != dealer]


def deal_data(genesis, term, attempt, params_id, subset, dealer, receiver):
    return hash32_of('tacit/deal/1', genesis, term, attempt, params_id, subset, dealer, receiver)
