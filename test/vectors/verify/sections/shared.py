"""What sections read alike."""

from ..core import unhex
from ..lanes import Lane
from ..params import Context, Params


def context_of(given):
    return Context(unhex(given['genesis']), given['term'], given['round'], Params(given['params']))


def integer(given):
    return None if given is None else int(given)


def lane_of(given):
    bounds = given['bounds'] and [int(one) for one in given['bounds']]
    claims = integer(given['normSq']), integer(given['total']), bounds
    return Lane(given['lane'], given['part'], given['values'], given['digits'], given['offset'], *claims)
