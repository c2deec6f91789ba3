"""Functions by the names that vectors call them."""

from . import (
    bins, chain, claims, confidential, enrolment, group, hashes, keys, linear, novelty, rules, shares, signatures, sketches, statements,
    submissions, whole,
)
from .registry import CHECKS

__all__ = [
    'CHECKS', 'bins', 'chain', 'claims', 'confidential', 'enrolment', 'group', 'hashes', 'keys', 'linear', 'novelty', 'rules', 'shares',
    'signatures', 'sketches', 'statements', 'submissions', 'whole',
]
