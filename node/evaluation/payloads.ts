/**
 * The submissions of a closed round in the open: what every member, every evaluating node and every auditor computes from block bodies and the revealed
 * sealing secrets, with the same result (specification §4).
 */
import { at } from '../../primitives/at.ts';
import { decodeScalar } from '../../primitives/crypto/ristretto.ts';
import { TacitError } from '../../primitives/errors.ts';
import { publicA } from '../../primitives/fhe/keys.ts';
import { type FheParams, fheParams, type RoundContext } from '../../primitives/fhe/params.ts';
import { decodeKeyPoly } from '../../primitives/fhe/wire.ts';
import { type OpenedSubmission, openSealed } from '../../primitives/linear/member.ts';
import type { RoundKeys } from '../../primitives/proofs/round-keys.ts';
import type { Binding } from '../../primitives/proofs/transcript.ts';
import { type OwnSummands, REJECTIONS } from '../../primitives/proofs/unseal.ts';
import type { Of } from '../../primitives/scale/index.ts';
import { roundContext, laneSpecOf } from '../../primitives/round/index.ts';
import { type Round, type roundInfo, type Submission } from '../../pallets/tally/types.ts';

export type RoundInfo = Of<typeof roundInfo>;

/** Where sealed submissions are found, out of finalized block bodies: what is given for an id has it (`sealedId`). */
export type SealedSource = (id: Uint8Array) => Uint8Array | undefined;

/** The keys contributors encrypted and sealed to. Throws `tally/no-round-key` before the round has them. */
export function roundKeysOf(params: FheParams, context: RoundContext, info: RoundInfo): RoundKeys {
  if (info.publicKey === undefined) {
    throw new TacitError('tally/no-round-key', `round ${context.round} has no public key yet`);
  }
  return {
    publicKey: { b: decodeKeyPoly(params, info.publicKey), a: publicA(params, context) },
    sealKeys: info.sealKeys,
    maskKeys: info.maskKeys,
  };
}

/** What a submission is bound to, as its account signed it. */
export function bindingOf(context: RoundContext, round: Round, submission: Submission): Binding {
  const lane = round.lanes.find((known) => known.lane === submission.lane && known.part === submission.part);
  if (lane === undefined) throw new TacitError('tally/unknown-lane', 'a submission of a lane the round does not have');
  return { context, spec: laneSpecOf(lane), account: submission.account };
}

/** The bytes of a submission. Throws `tally/missing-body`. */
export function sealedOf(source: SealedSource, submission: Submission): Uint8Array {
  const sealed = source(submission.id);
  if (sealed === undefined) {
    throw new TacitError('tally/missing-body', `the body of block ${submission.block} lacks a sealed submission`, {
      block: submission.block,
    });
  }
  return sealed;
}

export interface OpenedRound {
  readonly context: RoundContext;
  readonly keys: RoundKeys;
  /** Per submission, 0 or the reason it is malformed (`REJECTIONS`). */
  readonly verdicts: Uint8Array;
  /** Per submission, its payload if it is well formed. */
  readonly opened: readonly (OpenedSubmission | undefined)[];
}

/** A round whose sealing secrets are all revealed: its submissions can be opened one after the other. */
export interface RoundOpener {
  readonly context: RoundContext;
  readonly keys: RoundKeys;
  /**
   * A submission's payload, or the reason (`REJECTIONS`) why it is malformed. Throws `tally/missing-body`.
   * @param own what a member has found in boxes of its own subsets before
   */
  open(index: number, own?: OwnSummands): { readonly verdict: number; readonly submission?: OpenedSubmission };
}

/** Throws `tally/sealed` if a secret is not revealed yet. */
export function roundOpener(genesis: Uint8Array, info: RoundInfo, source: SealedSource): RoundOpener {
  const { round } = info;
  const params = fheParams(round.paramsId);
  const context = roundContext(genesis, round);
  const keys = roundKeysOf(params, context, info);
  const secrets = info.secrets.map((secret) => {
    if (secret === undefined) throw new TacitError('tally/sealed', `round ${round.round} is still sealed`);
    return decodeScalar(secret);
  });
  return {
    context,
    keys,
    open(index, own) {
      const record = at(info.submissions, index);
      const binding = bindingOf(context, round, record);
      const outcome = openSealed(params, binding, keys, sealedOf(source, record), secrets, { id: record.id, own });
      if (outcome.status === 'open') return { verdict: 0, submission: outcome.submission };
      return { verdict: REJECTIONS[outcome.reason] };
    },
  };
}

/** Opens every submission of a round whose sealing secrets are all revealed. Throws `tally/sealed` if they are not. */
export function openRound(genesis: Uint8Array, info: RoundInfo, source: SealedSource): OpenedRound {
  const { context, keys, open } = roundOpener(genesis, info, source);
  const all = info.submissions.map((_, index) => open(index));
  const verdicts = Uint8Array.from(all, ({ verdict }) => verdict);
  return { context, keys, verdicts, opened: all.map(({ submission }) => submission) };
}
