"""§2.5, §2.6, §6, §14.6"""

from ..core import need, unhex
from ..group import L
from ..openings import Request, Slots, opening, opening_share, request_hash
from ..params import DATA_PRIMES, KEY_PRIMES, Params
from ..ring import pack, unpack
from ..shares import decode, share_of
from .registry import check
from .shared import context_of


@check('shares')
def shares(given):
    params = Params(given['params'])
    pieces = [int(one) for one in given['pieces']]
    return [share_of(params, j, pieces, int(given['modulus'])) for j in range(params.n)]


def flat_posts(given, moduli):
    out = {}
    for post in given:
        values = [int(one) for one in post['shares']]
        count = len(values) // len(moduli)
        out[post['member']] = [values[count * i : count * (i + 1)] for i in range(len(moduli))]
    need(len(out) == len(given), 'fhe/member')
    return out


@check('decode')
def decoding(given):
    status, values, liars = decode(Params(given['params']), flat_posts(given['posts'], DATA_PRIMES), DATA_PRIMES)
    if status != 'decoded':
        return {'status': status}
    return {'status': status, 'values': [one for row in values for one in row], 'liars': liars}


@check('decodeScalars')
def scalars(given):
    _, values, liars = decode(Params(given['params']), flat_posts(given['posts'], (L,)), (L,))
    return {'values': values[0], 'liars': liars}


@check('unpack')
def residues(given):
    data = unhex(given['data'])
    rows = unpack(KEY_PRIMES, data, given['count'])
    need(pack(KEY_PRIMES, rows) == data, 'vectors/not-canonical')
    return [one for row in rows for one in row]


def request_of(given):
    slots = [
        Slots(
            one['source'], one['from'], one['count'], int(one['scale']), int(one['weightNorm']), int(one['constant']),
            [unhex(name) for name in one['masks']],
        )
        for one in given['slots']
    ]
    return Request(context_of(given['context']), given['step'], given['attempt'], [unhex(one) for one in given['sources']], slots)


@check('requestHash')
def request(given):
    return request_hash(request_of(given))


@check('opening')
def opened(given):
    own = request_of(given)
    count = sum(one.count for one in own.slots)
    posts = {post['member']: unpack(DATA_PRIMES, unhex(post['shares']), count) for post in given['posts']}
    status, values, liars = opening(own, posts)
    return {'status': status, 'values': values, 'liars': liars} if status == 'open' else {'status': status}


@check('openingShare')
def share(given):
    own = request_of(given)
    degree = own.context.params.degree
    ciphertexts = [[unpack(DATA_PRIMES, unhex(half), degree) for half in one] for one in given['ciphertexts']]
    masks = [[int(one) for one in pieces] for pieces in given['masks']]
    keys = [unhex(key) for key in given['roundKeys']]
    return pack(DATA_PRIMES, opening_share(own, given['member'], keys, ciphertexts, masks))
