#!/usr/bin/env python3
"""
A second verifier of the test vectors: what docs/spec says, in Python with its standard library alone. It shares no code with the project.

    python3 test/vectors/verify.py              all files of vectors beside it
    python3 test/vectors/verify.py claims.json  some

Prints `ok N` for each file, or its first difference; exits 1 if there is one. A file is `{"spec": [headings], "cases": [...]}`; a case names a function
(`about`), what it is `given` besides what is `common` to the file, and what it `gives` or the code with which it is `refused`.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from verify.core import Refused, tohex  # noqa: E402
from verify.sections import CHECKS  # noqa: E402

HERE = Path(__file__).parent


def written(value):
    """A result as vectors write it."""
    if isinstance(value, (bytes, bytearray)):
        return tohex(value)
    if isinstance(value, (list, tuple)):
        return [written(one) for one in value]
    if isinstance(value, dict):
        return {name: written(one) for name, one in value.items()}
    return value


def first_difference(have, want, place=''):
    """Where two results differ first, and how; nothing if they do not. Integers are numbers or decimal texts, all else has one form."""
    if isinstance(have, list) and isinstance(want, list) and len(have) == len(want):
        pairs = [(have[i], want[i], f'{place}[{i}]') for i in range(len(have))]
    elif isinstance(have, dict) and isinstance(want, dict) and have.keys() == want.keys():
        pairs = [(have[name], want[name], f'{place}.{name}') for name in have]
    else:
        whole = isinstance(have, int) and not isinstance(have, bool) and not isinstance(want, bool)
        same = str(have) == str(want) if whole else type(have) is type(want) and have == want
        return None if same else f'{place or "it"} is {shown(have)}, expected {shown(want)}'
    return next((found for one in pairs if (found := first_difference(*one)) is not None), None)


def difference(case, common):
    """Nothing, or what differs in a case."""
    if ('gives' in case) == ('refused' in case):
        return 'a case either gives something or is refused'
    check = CHECKS.get(case['about'])
    if check is None:
        return 'no section verifies this'
    try:
        have = written(check(case['given'] if common is None else {**common, **case['given']}))
    except Refused as refusal:
        return None if refusal.reason == case.get('refused') else f'refused: {refusal.reason}, expected {outcome(case)}'
    if 'refused' in case:
        return f'gives {shown(have)}, expected {outcome(case)}'
    return first_difference(have, case['gives'])


def shown(value):
    text = json.dumps(value)
    return text if len(text) < 400 else f'{text[:400]}... ({len(text)} characters)'


def outcome(case):
    return shown(case['gives']) if 'gives' in case else f'refusal: {case["refused"]}'


def verify(path):
    """Whether all cases of a file are as they must be; says so."""
    file = json.loads(path.read_text())
    cases = file['cases']
    for number, case in enumerate(cases):
        found = difference(case, file.get('common'))
        if found is not None:
            print(f'{path.name}: case {number}, {case["about"]}, {case["name"]}: {found}')
            return False
    if not cases:
        print(f'{path.name}: no cases')
        return False
    print(f'{path.name}: ok {len(cases)}', flush=True)
    return True


def main(names):
    paths = [HERE / name for name in names] or sorted(HERE.glob('*.json'))
    return 0 if paths and all([verify(path) for path in paths]) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
