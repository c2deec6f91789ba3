/** The gate against published verdicts on pairs of licences. */
import { expect } from 'chai';
import { decide, defaultTable } from '../../../../pallets/licensing/gate/index.ts';
import { ALL_PURPOSES } from '../../../../pallets/licensing/types.ts';
import { under } from './terms.ts';
import { verdicts } from './verdicts/index.ts';
import type { Verdict } from './verdicts/kinds.ts';

const pair = ({ parent, child }: Verdict): string => `${parent} -> ${child}`;
const isAllowed = ({ parent, relation, child, restrictions = 0, purposes = ALL_PURPOSES }: Verdict): boolean =>
  decide(defaultTable, under(parent), relation, under(child, { restrictions, purposes })) === undefined;

/** How many of them the gate contradicts, each with a reason. */
const DIFFERENCES = 11;

describe('pallets/licensing/gate: published verdicts', () => {
  it('there are at least a hundred and fifty pairs, of at least fifteen sources', () => {
    expect(new Set(verdicts.map(pair)).size).to.be.at.least(150);
    expect(new Set(verdicts.map(({ source }) => source)).size).to.be.at.least(15);
  });

  it('the gate says what they say, but where a reason is written down', () => {
    const wrong = verdicts
      .filter(
        (verdict) => isAllowed(verdict) !== (verdict.differs === undefined ? verdict.isAllowed : !verdict.isAllowed),
      )
      .map((verdict) => `${pair(verdict)} (${verdict.relation}): ${verdict.source} says ${verdict.isAllowed}`);
    expect(wrong).to.deep.equal([]);
  });

  it('each reason to differ is for a verdict, and they are counted', () => {
    expect(verdicts.filter(({ differs }) => differs !== undefined).map(pair)).to.have.length(DIFFERENCES);
  });

  it('no pair is allowed and refused by the same source in the same relation', () => {
    const seen = new Map<string, boolean>();
    for (const verdict of verdicts) {
      const key = [pair(verdict), verdict.relation, verdict.source, verdict.restrictions, verdict.purposes].join('\n');
      expect(seen.get(key) ?? verdict.isAllowed, key).to.equal(verdict.isAllowed);
      seen.set(key, verdict.isAllowed);
    }
  });

  it('half of them cannot be met by a gate that always says the same', () => {
    const allowed = verdicts.filter((verdict) => verdict.isAllowed).length;
    expect(allowed).to.be.above(verdicts.length / 3);
    expect(allowed).to.be.below((2 * verdicts.length) / 3);
  });
});
