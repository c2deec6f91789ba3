import { expect } from 'chai';
import { brokenOff, ensureFinishable, unfinished } from '../../../client/cli/actions/unfinished.ts';
import { storage } from '../../../client/sdk/generated/chain.ts';
import type { RoundView, State } from '../../../client/sdk/round.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { sealedBytes } from '../../../primitives/proofs/sealed.ts';

const PARTS = 64;
const STAKE = 2_000_000_000n;
const DEPOSIT = 1_000_000n;
const params = fheParams('tacit-8192-n4');
const account = new Uint8Array(32);
const lanes = Array.from({ length: PARTS }, (_, part) => {
  return { lane: 'update' as const, part, values: 8_192, digits: 2, offset: 128, normSq: 2_000_000n };
});
const view = { round: 2, lanes, rule: { parts: lanes.map(() => 8_192), stake: STAKE } } as unknown as RoundView;

interface Standing {
  readonly standing?: number;
  readonly free?: bigint;
}

/** A state in which so many parts of the account stand. */
function stateOf({ standing = 0, free = 0n }: Standing): State {
  const known = new Map<unknown, unknown>([
    [storage.tally.config, { depositBase: DEPOSIT, depositPerByte: 1n }],
    [storage.tally.itemOf, standing > 0 ? 3 : undefined],
    [storage.system.account, { data: { free } }],
  ]);
  return {
    get: async (item: unknown) => known.get(item),
    getMany: async (_: unknown, list: unknown[]) => list.map((_each, i) => (i < standing ? i : undefined)),
  } as unknown as State;
}

/** The error of a contribution from this state. */
async function refusal(options: Standing): Promise<{ code: string; message: string }> {
  const state = stateOf(options);
  const left = await unfinished(state, params, view, account);
  const ended = ensureFinishable(state, view, account, left).then(() => ({ code: 'ok', message: '' }));
  return ended.catch((error: TacitError) => error);
}

describe('client/cli: a contribution that is not finished', () => {
  // a byte costs a unit of deposit and three of fee
  const eachPart = DEPOSIT + 4n * BigInt(sealedBytes(params, lanes[0]!));

  it('costs stake, deposits and the fees of its bytes; what stands is paid', async () => {
    const all = await unfinished(stateOf({}), params, view, account);
    expect(all).to.deep.equal({
      isEnrolled: false,
      missing: lanes.map(({ part }) => part),
      cost: STAKE + 64n * eachPart,
    });
    const rest = await unfinished(stateOf({ standing: 40 }), params, view, account);
    expect(rest).to.deep.equal({
      isEnrolled: true,
      missing: lanes.slice(40).map(({ part }) => part),
      cost: 24n * eachPart,
    });
  });

  it('takes no stake where money for all parts is not there [a part that is missing at the close costs a quarter of it]', async () => {
    const enough = STAKE + 64n * eachPart;
    expect((await refusal({ free: enough })).code).to.equal('ok');
    const { code, message } = await refusal({ free: enough - 1n });
    expect(code).to.equal('cli/too-little-money');
    expect(message).to.include('stake, deposits and fees of 64 parts').and.include('2188.179968 TAC');
    expect((await refusal({ standing: 63, free: eachPart })).code).to.equal('ok');
    expect((await refusal({ standing: 63, free: eachPart - 1n })).message).to.match(
      /^deposits and fees of 1 part take/,
    );
  });

  it('is none where all parts stand: nothing is built or sent', async () => {
    const { code, message } = await refusal({ standing: PARTS, free: 0n });
    expect(code).to.equal('cli/already-contributed');
    expect(message).to.include('all 64 parts').and.include('round 2');
  });

  it('that was broken off says how it goes on; of one part, or after the close, there is nothing to go on with', () => {
    const late = new TacitError('sdk/extrinsic-timeout', 'tally.submit was not included in time', {
      call: 'tally.submit',
    });
    const told = brokenOff(late, PARTS) as TacitError;
    expect([told.code, told.details]).to.deep.equal([late.code, late.details]);
    expect(told.message).to.match(/^tally\.submit was not included in time; .*the same command, with the same update/);
    expect(brokenOff(late, 1)).to.equal(late);
    const closed = new TacitError('sdk/round-not-open', 'closed');
    const fault = new Error('a fault');
    expect([brokenOff(closed, PARTS), brokenOff(fault, PARTS)]).to.deep.equal([closed, fault]);
  });
});
