"""§1.3 to §1.5, §2.1 to §2.3, §3, §6.3, §14.5, §14.6"""

from ..core import blake2_256, hash32_of, need, unhex
from ..group import G, encode, times
from ..openings import key_test, request_hash
from ..params import DATA_PRIMES, KEY_PRIMES, SPECIAL_PRIME, T, Params
from ..ring import ciphertext_hash, encoded, pack
from ..rounds import (
    box_secret, deal_data, key_assignment, key_postings, postings_digest, public_key, public_key_hash, ratchet, receivers,
)
from ..seals import equal_logs_hold, open_by_shared, open_with
from .registry import check
from .shared import context_of


@check('params')
def params(given):
    own = Params(given['id'])
    openings = [(values, int(norm)) for values, norm in given['openings']]
    return {
        'n': own.n,
        'f': own.f,
        'degree': own.degree,
        'subsets': [list(one) for one in own.subsets],
        'dataPrimes': list(DATA_PRIMES),
        'specialPrime': SPECIAL_PRIME,
        't': T,
        'maxWeightNorm': own.max_weight_norm,
        'unitNoise': own.unit_noise,
        'floodBits': own.flood_bits,
        'lambda': own.statistical_bits,
        'openedNoise': own.opened_noise(own.max_weight_norm),
        'distanceBits': own.distance_bits(openings),
    }


@check('ratchet')
def chain(given):
    round_key, following = ratchet(unhex(given['chainKey']), given['round'])
    return {'roundKey': round_key, 'next': following}


@check('roundKey')
def round_key(given):
    context = context_of(given['context'])
    keys = [ratchet(unhex(key), context.round)[0] for key in given['chainKeys']]
    assignment = key_assignment(context.params, set())
    postings = key_postings(context, keys, assignment)
    b = public_key(postings)
    subsets = range(len(context.params.subsets))
    return {
        'assignment': assignment,
        'postings': [blake2_256(pack(KEY_PRIMES, postings[j])) for j in sorted(postings)],
        'postingsDigest': postings_digest(context, postings, assignment),
        'publicKeyHash': public_key_hash(context, b),
        'sealKeys': [encode(times(G, box_secret(context, 'seal', A, keys[A]))) for A in subsets],
        'maskKeys': [encode(times(G, box_secret(context, 'mask', A, keys[A]))) for A in subsets],
    }


@check('keyAssignment')
def assignment(given):
    return key_assignment(Params(given['params']), set(given['absent']))


@check('encode')
def plaintext(given):
    return encoded(int(given['value']))


def deal_of(given):
    own = Params(given['params'])
    name = (unhex(given['genesis']), given['term'], given['attempt'], given['params'], given['subset'])
    sealed, receiver = unhex(given['sealed']), given['receiver']
    index = receivers(own, given['subset'], given['dealer']).index(receiver)
    box = sealed[32 + 48 * index : 80 + 48 * index]
    return sealed[:32], box, deal_data(*name, given['dealer'], receiver)


@check('openDeal')
def open_deal(given):
    ephemeral, box, data = deal_of(given)
    return open_with(int(given['secret']), ephemeral, box, data)


@check('openedBox')
def opened_box(given):
    ephemeral, box, data = deal_of(given)
    key, shared, proof = (unhex(given[name]) for name in ('receiverKey', 'shared', 'proof'))
    if not equal_logs_hold(key, ephemeral, shared, data, proof):
        return None
    return open_by_shared(shared, ephemeral, key, box, data)


@check('subsetKeyDigest')
def digest(given):
    parts = [unhex(given['genesis']), given['term'], given['attempt'], given['params'], given['subset']]
    return hash32_of('tacit/subset-key/1', *parts, unhex(given['key']))


@check('keyTest')
def test_of_key(given):
    context = context_of(given['context'])
    need(len(given['chainKeys']) == len(context.params.subsets), 'fhe/missing-piece')
    keys = [ratchet(unhex(key), context.round)[0] for key in given['chainKeys']]
    b = public_key(key_postings(context, keys, key_assignment(context.params, set())))
    c0, c1, request, values = key_test(context, b)
    return {'ciphertext': ciphertext_hash(context.params, c0, c1), 'request': request_hash(request), 'values': values}
