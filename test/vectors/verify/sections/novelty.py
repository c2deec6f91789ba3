"""§9.6"""

from .. import novelty
from ..core import unhex
from .registry import check


@check('noveltyWeights')
def weights(given):
    return novelty.novelty_weights(given['weights'], given['past'], given['discount'])


@check('countingItems')
def counting(given):
    named = [unhex(one) for one in given['of']]
    return {'counting': novelty.counting_items(given['holders'], given['passed'], named), 'holders': len(set(named))}
