"""Functions by the names that vectors call them."""

from . import claims, enrolment, group, hashes, keys, linear, shares, submissions
from .registry import CHECKS

__all__ = ['CHECKS', 'claims', 'enrolment', 'group', 'hashes', 'keys', 'linear', 'shares', 'submissions']
