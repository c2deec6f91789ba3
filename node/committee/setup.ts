/**
 * What a committee member posts in the set-up of a term (specification §2): its encryption key, the subset keys it deals, digests of those it holds, and, in a
 * dispute, the ephemeral secrets of its own deals. Secrets are in the vault before anything that depends on them is posted.
 */
import { publicKeyOf } from '../../primitives/crypto/box.ts';
import type { RandomBytes } from '../../primitives/crypto/bytes.ts';
import { decodeScalar, encodeScalar, randomScalar } from '../../primitives/crypto/ristretto.ts';
import { proveSchnorr } from '../../primitives/crypto/schnorr.ts';
import { TacitError } from '../../primitives/errors.ts';
import { dealSubsetKey, openDeal, subsetKeyDigest, type TermContext } from '../../primitives/fhe/deal.ts';
import { type FheParams, fheParams, subsetsWith } from '../../primitives/fhe/params.ts';
import type { Of } from '../../primitives/scale/index.ts';
import { keyProofMessage, type SetupBody, type termInfo } from '../../pallets/committee/types.ts';
import type { SetupSecrets, Vault } from './vault.ts';

export type TermInfo = Of<typeof termInfo>;

/** One member's view of the set-up of a term. */
export interface SetupDuty {
  readonly genesis: Uint8Array;
  readonly member: number;
  readonly info: TermInfo;
  readonly vault: Vault;
  readonly random: RandomBytes;
}

/** The body of the member's post for the phase the set-up is in; undefined where it has nothing to post. */
export function setupDutyOf(duty: SetupDuty): SetupBody | undefined {
  const { info, member } = duty;
  const { phase, members } = info.term;
  const status = members[member]?.status.tag;
  switch (phase.tag) {
    case 'Keys':
      return status === 'Waiting' ? keys(duty) : undefined;
    case 'Deal':
      return status === 'Present' ? deals(duty) : undefined;
    case 'Digest':
      return status === 'Present' && !info.posted.includes(member) ? digests(duty) : undefined;
    case 'Reveal':
      return reveals(duty);
    case 'Active':
    case 'Failed':
      return undefined;
  }
}

function setting({ genesis, info }: SetupDuty): { params: FheParams; context: TermContext } {
  const { term, attempt, paramsId } = info.term;
  return { params: fheParams(paramsId), context: { genesis, term, attempt } };
}

/** The secrets of the present attempt, made on first use. */
function secretsOf({ info, vault, random }: SetupDuty): SetupSecrets {
  const { term, attempt } = info.term;
  const known = vault.contents.setup;
  if (known?.term === term && known.attempt === attempt) return known;
  const setup = { term, attempt, encryption: encodeScalar(randomScalar(random)), dealt: new Map() };
  vault.update({ setup });
  return setup;
}

function keys(duty: SetupDuty): SetupBody {
  const { genesis, member, info, random } = duty;
  const secret = decodeScalar(secretsOf(duty).encryption);
  const message = keyProofMessage(genesis, info.term.term, info.term.attempt, member);
  return { tag: 'Keys', value: { key: publicKeyOf(secret), proof: proveSchnorr(secret, message, random(32)) } };
}

/** Subsets the member deals and whose deal does not stand yet. */
function deals(duty: SetupDuty): SetupBody | undefined {
  const { member, info, vault, random } = duty;
  const { params, context } = setting(duty);
  const due = [...info.term.dealers.keys()].filter(
    (subset) => info.term.dealers[subset] === member && info.deals[subset] === undefined,
  );
  if (due.length === 0) return undefined;
  const setup = secretsOf(duty);
  const fresh = due.filter((subset) => !setup.dealt.has(subset));
  if (fresh.length > 0) {
    const dealt = new Map(setup.dealt);
    for (const subset of fresh) dealt.set(subset, { key: random(32), ephemeral: encodeScalar(randomScalar(random)) });
    vault.update({ setup: { ...setup, dealt } });
  }
  const { dealt } = secretsOf(duty);
  const recipients = new Map(info.keys.entries());
  const sealed = due.map((subset) => {
    const own = dealt.get(subset);
    if (own === undefined)
      throw new TacitError('committee/no-key', 'a dealt key is missing from the vault', { subset });
    const ephemeral = decodeScalar(own.ephemeral);
    return { subset, sealed: dealSubsetKey(params, context, subset, member, own.key, ephemeral, recipients) };
  });
  return { tag: 'Deal', value: { deals: sealed } };
}

/** The subset keys the member holds by the deals that stand; a box that does not open leaves its subset out. */
export function heldKeys(duty: SetupDuty): Map<number, Uint8Array> {
  const { member, info } = duty;
  const { params, context } = setting(duty);
  const setup = secretsOf(duty);
  const secret = decodeScalar(setup.encryption);
  const held = new Map<number, Uint8Array>();
  for (const subset of subsetsWith(params, member)) {
    const standing = info.deals[subset];
    if (standing === undefined) continue;
    const key =
      standing.dealer === member
        ? setup.dealt.get(subset)?.key
        : openDeal(params, context, subset, standing.dealer, standing.sealed, member, secret);
    if (key !== undefined) held.set(subset, key);
  }
  return held;
}

function digests(duty: SetupDuty): SetupBody {
  const { params, context } = setting(duty);
  const held = heldKeys(duty);
  const own = subsetsWith(params, duty.member);
  return {
    tag: 'Digest',
    value: { digests: own.map((subset) => subsetKeyDigest(params, context, subset, held.get(subset))) },
  };
}

function reveals(duty: SetupDuty): SetupBody | undefined {
  const { member, info } = duty;
  const setup = secretsOf(duty);
  const due = info.term.disputed.filter((subset) => info.term.dealers[subset] === member);
  const shown = due.flatMap((subset) => {
    const own = setup.dealt.get(subset);
    return own === undefined ? [] : [{ subset, ephemeralSecret: own.ephemeral }];
  });
  return shown.length === 0 ? undefined : { tag: 'Reveal', value: { reveals: shown } };
}
