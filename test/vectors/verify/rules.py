"""The arithmetic of scores, payments and rules (§7.3, §7.7, §9, §14.9)."""

from . import sketches
from .params import T, ceil_sqrt

MONEY = 1 << 47


def weights(accepted, direction, aggregate):
    """`v = 2n*g - U` of a part."""
    return [2 * accepted * g - u for g, u in zip(direction, aggregate)]


def functional(values, scale, degree):
    """`w` with `(w*m)_0 = scale*<v, m>`: w_0 = v_0, w_(N-j) = -v_j."""
    out = [0] * degree
    for j, value in enumerate(values):
        out[-j % degree] = scale * value if j == 0 else -scale * value
    return out


def count_polynomial(index, scale, degree):
    out = [0] * degree
    out[-index % degree] = scale if index == 0 else -scale
    return out


def score_bounds(gamma, norm, parts, points, factors):
    """(phi bound, weight norm)."""
    squares = [sum(x * x for x in part) for part in parts]
    phi = gamma * sum(ceil_sqrt(norm * square) for square in squares)
    return phi, gamma * sum(map(ceil_sqrt, squares)) + max([1, *factors]) * sum(points)


def counted_factors(k_min, stated):
    """A factor counts among enough items that have it (§9.4)."""
    counted = list(stated)
    levels = sorted({*stated, 1}, reverse=True)
    for level, lower in zip(levels, levels[1:]):
        if counted.count(level) < k_min:
            counted = [lower if one == level else one for one in counted]
    above = [one for one in counted if one > 1]
    if 0 < counted.count(1) < k_min and above:
        counted = [1 if one == min(above) else one for one in counted]
    return counted


def payout_norm(most_norm, items):
    """Largest weight norm of each of so many payouts (§1.5)."""
    return most_norm * 32 // items if items > 32 else most_norm


def payment(t_min, pool, stake, most_items, total, phi, norm, most_norm):
    """(rate, grains)."""
    if total <= 0 or total < t_min:
        return 0, 1
    money, points = (stake, phi) if phi > 0 and stake * total < pool * phi else (pool, total)
    most = payout_norm(most_norm, most_items) // norm if norm > 0 else money
    grains = 1
    while (pool + stake * most_items) * grains * 16 < MONEY and money * grains * 16 // points <= most:
        grains *= 16
    return min(money * grains // points, most), grains


def paid(rate, grains, total):
    return rate * total // grains if total > 0 else 0


def wraps(items, total):
    """Whether counts of items with as many digits as the total has could reach t."""
    digits = len(f'{total:x}')
    return digits > 12 or max(total, items * (16**digits - 1)) >= T


def lane_fault(params, values, norm):
    """Of an update part: two digits, offset 128."""
    return not 1 <= values <= params.degree or max(norm, values * 128**2) >= T


def rule_fault(params, least_k, rule):
    """The first error of a rule, or nothing (§7.7)."""
    n, p, k_min, factor = rule['maxItems'], len(rule['parts']), rule['kMin'], rule['mostFactor']
    gamma, norm, base = int(rule['gamma']), int(rule['normSq']), int(rule['base'])
    pool, stake, standing = int(rule['pool']), int(rule['stake']), n * int(rule['mostStanding'])
    reports = [(int(one['total']), int(one['points'])) for one in rule['reporters']]
    count_norm = factor * sum(points for _, points in reports)
    counts = factor * sum(points * total for total, points in reports)
    rounded = sum(-(-ceil_sqrt(values) // 2) for values in rule['parts']) if rule['discount'] else 0
    phi = 3 * n * p * gamma * norm + gamma * rounded * ceil_sqrt(norm)
    w = 3 * n * p * gamma * ceil_sqrt(norm) + count_norm + gamma * rounded
    fewest = p * gamma * k_min**2 * norm
    most = p * gamma * n**2 * norm + counts + standing + n * base

    def pays_nothing():
        return payment(0, pool, stake, n, most, phi, w, params.max_weight_norm)[0] < 32

    def noise_passes():
        most_norm = params.max_weight_norm
        return w > payout_norm(most_norm, n) or count_norm * ceil_sqrt(n) > most_norm

    faults = (
        ('BadParts', lambda: not 1 <= p <= 4 or rule['directions'] != p),
        ('BadCounts', lambda: not 1 <= n <= 1000 or not least_k <= k_min <= n),
        ('TooManyUpdates', lambda: n * p > 1024),
        ('BadWindow', lambda: rule['openBlocks'] < 1 or rule['openBlocks'] * (1 + rule['maxExtensions']) > 302_400),
        ('CountTooLarge', lambda: any(wraps(n, total) for total, _ in reports)),
        ('BadFactor', lambda: not 1 <= factor <= 16),
        ('BadNovelty', lambda: len(rule['past']) > 4 or rule['discount'] > 100),
        ('BadLane', lambda: any(lane_fault(params, values, norm) for values in rule['parts'])),
        ('BadSketch', lambda: not sketches.fits(rule['parts'], rule['coordinates'])),
        ('NoPoints', lambda: gamma == 0 or norm == 0),
        ('CountsWrap', lambda: counts >= T),
        ('NoiseBudget', lambda: noise_passes()),
        ('EmptyPool', lambda: pool == 0),
        ('TooMuchMoney', lambda: pool + stake * n >= MONEY),
        ('UnreachableTotal', lambda: 2 * int(rule['tMin']) > fewest),
        ('MarksClaims', lambda: 4 * (counts + standing) > fewest),
        ('PaysNothing', pays_nothing),
    )
    return next((name for name, found in faults if found()), None)
