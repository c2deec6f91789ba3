"""A whole round (§3 to §9, §11)"""

from ..core import signed_le, unhex
from ..params import KEY_PRIMES
from ..ring import pack
from ..sums import SumRound
from ..whole import Round
from .registry import check
from .shared import context_of, integer, lane_of

def block_of(given):
    """What stood in a block, with its bytes."""
    out = {}
    for name, value in given.items():
        if isinstance(value, dict):
            out[name] = block_of(value)
        else:
            out[name] = unhex(value) if isinstance(value, str) else value
    return out


def rule_of(given):
    whole = {name: integer(given[name]) for name in ('normSq', 'gamma', 'base', 'tMin', 'pool', 'stake', 'kMin', 'maxItems')}
    reporters = [{name: integer(value) for name, value in one.items()} for one in given['reporters']]
    return {**whole, 'parts': given['parts'], 'reporters': reporters, 'directions': [unhex(one) for one in given['directions']]}


@check('round')
def whole(given):
    lanes = [lane_of(one) for one in given['lanes']]
    terms = [(integer(one['standing']), one['factor']) for one in given['items']]
    blocks = [block_of(one) for one in given['blocks']]
    own = Round(context_of(given['context']), rule_of(given['rule']), lanes, terms, blocks)
    if own.failed_in is not None:
        return {'failedIn': own.failed_in, 'silent': own.silent}
    return {
        'publicKey': pack(KEY_PRIMES, own.b),
        'sealKeys': own.seal_keys,
        'maskKeys': own.mask_keys,
        'beacon': own.beacon,
        'accepted': own.accepted,
        'submissions': [one.fate() for one in own.submissions],
        'aggregate': b''.join(signed_le(one, 4) for part in own.u for one in part),
        'total': own.total,
        'rate': own.rate,
        'grains': own.grains,
        'scores': own.scores,
        'z': own.z,
        'notes': [list(note) for note in own.notes],
        'paid': own.paid,
    }


@check('sumRound')
def summed(given):
    blocks = [block_of(one) for one in given['blocks']]
    own = SumRound(context_of(given['context']), integer(given['kMin']), lane_of(given['lane']), blocks)
    fates = [one.fate() for one in own.submissions]
    if own.failure is not None:
        return {'failure': own.failure, 'submissions': fates}
    if own.failed_in is not None:
        return {'failedIn': own.failed_in, 'silent': own.silent}
    return {'submissions': fates, 'ciphertext': own.name, 'contributors': len(own.vectors), 'sums': own.sums}
