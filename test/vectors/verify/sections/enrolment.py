"""§7.1, §7.2, §14.8"""

from ..core import need, unhex
from ..enrolment import Enrolment, Pieces, Wallet, mask_post, masks_hold, seed_in, weight
from ..group import L
from ..shares import decode
from .registry import check
from .shared import context_of


@check('enrolment')
def form(given):
    context = context_of(given['context'])
    own = Enrolment(context.params, unhex(given['data']))
    return {'id': own.id, 'proofs': own.proofs_hold([*context.bound, unhex(given['account'])])}


@check('recoverEnrolment')
def recover(given):
    context, account = context_of(given['context']), unhex(given['account'])
    own = Enrolment(context.params, unhex(given['data']))
    wallet = Wallet(context, account, unhex(given['walletSeed']), own.salt)
    need(wallet.ephemeral == own.ephemeral, 'enrolment/not-mine')
    need(wallet.points == [own.key, own.mask, own.blind], 'vectors/other-points')
    return {'key': wallet.key, 'm': wallet.m, 'r': wallet.r, 'delta': wallet.delta}


@check('maskCheck')
def masks(given):
    context, beacon = context_of(given['context']), unhex(given['beacon'])
    secrets = [int(one) for one in given['maskSecrets']]
    own, weights, pieces = [], [], []
    for one in given['enrolments']:
        bound = [*context.bound, unhex(one['account'])]
        enrolment = Enrolment(context.params, unhex(one['data']))
        own.append(enrolment)
        weights.append(weight(beacon, enrolment.id))
        seeds = [seed_in(bound, enrolment, A, secret) for A, secret in enumerate(secrets)]
        pieces.append([Pieces(bound, enrolment.ephemeral, A, seed) for A, seed in enumerate(seeds)])
    posts = []
    for member in range(context.params.n):
        shares = [mask_post(context.params, member, *one) for one in zip(own, pieces, weights)]
        posts.append([sum(column) % L for column in zip(*shares)])
    status, values, _ = decode(context.params, {j: [post] for j, post in enumerate(posts)}, (L,))
    need(status == 'decoded', 'vectors/undecodable')
    return {'posts': posts, 'value': values[0], 'holds': masks_hold(own, weights, *values[0])}
