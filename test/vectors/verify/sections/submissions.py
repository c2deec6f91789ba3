"""§4, §5, §14.7"""

from ..core import need, unhex
from ..group import G, encode, times
from ..lanes import Binding
from ..linear import Keys, Piece, open_submission
from ..linear_check import Share, Tables, combine, member_post
from ..params import DATA_PRIMES, KEY_PRIMES, T
from ..ring import unpack
from ..shares import decode
from .registry import check
from .shared import context_of, lane_of


class Round:
    """What a case gives of a round, all its secrets included."""

    def __init__(self, given):
        self.context = context_of(given['context'])
        degree = self.context.params.degree
        b = [unpack(KEY_PRIMES, unhex(one), degree) for one in (given['key'], *given['further'])]
        self.mask_secrets = [int(one) for one in given['maskSecrets']]
        self.seal_secrets = [int(one) for one in given['sealSecrets']]
        self.b, self.mask_keys = b, [encode(times(G, one)) for one in self.mask_secrets]
        self.beacon = unhex(given['beacon'])

    def keys_for(self, lane):
        count = -(-lane.values // self.context.params.degree)
        need(count <= len(self.b), 'linear/keys')
        return Keys(self.context, self.b[:count], self.mask_keys)

    def posts(self, given):
        """(sealed, posts of all members, nothing) or (sealed, nothing, reason)."""
        binding = Binding(self.context, lane_of(given['lane']), unhex(given['account']))
        keys = self.keys_for(binding.lane)
        sealed, payload, challenges, reason = open_submission(binding, keys, unhex(given['sealed']), self.seal_secrets)
        proof = sealed.proof_holds(binding)
        if reason is not None:
            return sealed, proof, None, reason
        seeds = [sealed.seed(binding, A, secret) for A, secret in enumerate(self.mask_secrets)]
        pieces = [Piece(binding, sealed.ephemeral, A, seed) for A, seed in enumerate(seeds)]
        tables = Tables(self.context, binding.lane, self.beacon)
        members = range(self.context.params.n)
        posts = [member_post(tables, keys, payload, challenges, Share(binding, j, pieces)) for j in members]
        return sealed, proof, posts, None

    def decoded(self, posts):
        words = {j: [list(k)] for j, (k, _) in enumerate(posts)}
        residues = {j: q for j, (_, q) in enumerate(posts)}
        first, k, _ = decode(self.context.params, words, (T,))
        second, q, _ = decode(self.context.params, residues, DATA_PRIMES)
        need(first == second == 'decoded', 'vectors/undecodable')
        values = [*k[0], *(one for row in q for one in row)]
        return {'values': values, 'holds': not any(values)}


def shown(post):
    k, q = post
    return {'k': list(k), 'q': [one for row in q for one in row]}


@check('submission')
def submission(given):
    own = Round(given)
    sealed, proof, posts, reason = own.posts(given)
    if reason is not None:
        return {'proof': proof, 'refused': reason}
    return {'proof': proof, 'id': sealed.id, 'posts': [shown(one) for one in posts], 'decoded': own.decoded(posts)}


@check('combinedCheck')
def combined(given):
    own = Round(given)
    opened = [own.posts(one) for one in given['submissions']]
    members = range(own.context.params.n)
    sums = [combine(own.context, own.beacon, [(sealed.id, posts[j]) for sealed, _, posts, _ in opened]) for j in members]
    return {'posts': [shown(one) for one in sums], 'decoded': own.decoded(sums)}
