"""§13.1 to §13.3"""

from ..confidential import KEY, ConfidentialParams, added, check_shares, digest_of, first_part, packed, second_part
from ..core import blake2_256, unhex
from ..params import Context
from ..rounds import key_assignment, ratchet
from .registry import check


@check('productParams')
def parameters(given):
    own = ConfidentialParams(given['id'])
    return {
        'degree': own.degree,
        'keyPrimes': list(KEY),
        'maxWeightNorm': own.max_weight_norm,
        'unitNoise': own.unit_noise,
        'floodBits': own.flood_bits,
        'norms': [own.norm(int(left), int(right)) for left, right in given['operands']],
    }


def pass_of(context, name, member, parts, assignment, sums):
    postings = {
        poster: added([parts[A] for A in range(len(parts)) if assignment[A] == poster]) for poster in sorted(set(assignment))
    }
    digest = digest_of(context, postings, assignment, sums)
    result = {
        'postings': [blake2_256(packed(posting)) for posting in postings.values()],
        'digest': digest,
        'shares': check_shares(context, member, parts, assignment, name, digest),
    }
    return added(list(postings.values())), result


@check('evaluationKeys')
def evaluation_keys(given):
    name = given['context']
    context = Context(unhex(name['genesis']), name['term'], name['round'], ConfidentialParams(name['params']))
    keys = [ratchet(unhex(key), context.round)[0] for key in given['chainKeys']]
    assignment = key_assignment(context.params, set())
    parts = [first_part(context, key, A) for A, key in enumerate(keys)]
    sums, first = pass_of(context, 'first', given['member'], parts, assignment, None)
    parts = [second_part(context, key, A, sums) for A, key in enumerate(keys)]
    _, second = pass_of(context, 'second', given['member'], parts, assignment, sums)
    return {'first': first, 'second': second}
