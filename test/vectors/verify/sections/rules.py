"""§7.3, §7.7, §9, §14.9"""

from .. import price, rules
from ..core import signed_le
from ..params import Params
from .registry import check


@check('weights')
def weights(given):
    own = rules.weights(given['accepted'], given['direction'], given['aggregate'])
    return {
        'weights': own,
        'polynomial': rules.functional(own, 7, 16),
        'aggregate': b''.join(signed_le(one, 4) for one in given['aggregate']),
    }


@check('countPolynomial')
def count(given):
    return rules.count_polynomial(given['index'], int(given['scale']), given['degree'])


@check('scoreBounds')
def bounds(given):
    points = [int(one) for one in given['points']]
    phi, norm = rules.score_bounds(int(given['gamma']), int(given['normSq']), given['parts'], points, given['factors'])
    return {'phiBound': phi, 'weightNorm': norm}


@check('countedFactors')
def factors(given):
    return rules.counted_factors(given['kMin'], given['stated'])


@check('publicTerms')
def terms(given):
    stated = [one['factor'] for one in given['items']]
    points = [int(given['base']) + int(one['standing']) for one in given['items']]
    return {'points': points, 'factors': rules.counted_factors(given['kMin'], stated)}


@check('payment')
def payment(given):
    names = ('tMin', 'pool', 'stake', 'maxItems', 'total', 'phiBound', 'weightNorm', 'maxWeightNorm')
    rate, grains = rules.payment(*(int(given[name]) for name in names))
    return {'rate': rate, 'grains': grains, 'paid': rules.paid(rate, grains, int(given['total']))}


@check('ruleFault')
def fault(given):
    return rules.rule_fault(Params(given['params']), given['leastK'], given)


@check('aggregatePrice')
def aggregate_price(given):
    parts = [(part['aggregate'], part['past']) for part in given['parts']]
    accepted = given['accepted']
    money = [int(given[name]) for name in ('normSq', 'discount', 'pool', 'stake')]
    found = price.price(*money, accepted, parts)
    return {'price': found, 'share': price.share(found, accepted, int(given['paid']))}
