"""Functions by the names that vectors call them."""

from . import chain, claims, enrolment, group, hashes, keys, linear, rules, shares, sketches, submissions, whole
from .registry import CHECKS

__all__ = ['CHECKS', 'chain', 'claims', 'enrolment', 'group', 'hashes', 'keys', 'linear', 'rules', 'shares', 'sketches', 'submissions', 'whole']
