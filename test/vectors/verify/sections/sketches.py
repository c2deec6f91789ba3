"""§9.7"""

from .. import sketches
from ..core import unhex
from .registry import check


@check('sketchPlaces')
def places(given):
    return sketches.places(unhex(given['seed']), given['coordinates'], given['buckets'], given['count'])


@check('sketch')
def sketch(given):
    return sketches.sketch(unhex(given['seed']), given['buckets'], given['values'])


@check('haveOneForm')
def have_one_form(given):
    return given['left'] == given['right']
