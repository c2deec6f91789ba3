"""§4.2, §5.2, §5.3, §5.11"""

from .. import cubic
from ..core import KeyStream, need, unhex
from ..linear import Shape, check_lane
from .registry import check
from .shared import lane_of


@check('laneBytes')
def lane(given):
    return lane_of(given).bytes()


@check('lane')
def bounds(given):
    check_lane(lane_of(given), 8192)
    return True


@check('linearShape')
def shape(given):
    own = Shape(lane_of(given))
    return {
        'rows': own.rows,
        'wires': own.wires,
        'range': own.range,
        'squares': own.squares,
        'padding': own.padding,
        'deltas': cubic.plain_bytes(own.digits),
        'proof': cubic.plain_bytes(3 * own.range + own.squares),
        'opened': cubic.plain_bytes(3 * own.wires),
    }


def element(given):
    return tuple(int(one) for one in given)


@check('cubicProduct')
def product(given):
    return list(cubic.mul(*map(element, given)))


@check('cubicLagrange')
def lagrange(given):
    return [word for one in cubic.lagrange(element(given['rho']), given['first'], given['count']) for word in one]


@check('cubicVanishing')
def vanishing(given):
    return list(cubic.invert(cubic.vanishing(element(given['rho']), given['count'])))


@check('uniformPlain')
def uniform(given):
    return cubic.uniform(KeyStream(unhex(given['seed'])), given['count'])


@check('unpackPlain')
def unpack(given):
    data = unhex(given['data'])
    out = cubic.decode(data, given['count'])
    need(cubic.encode(out) == data, 'vectors/not-canonical')
    return out
