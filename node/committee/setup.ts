/**
 * What a committee member posts in the set-up of a term (specification §2): its encryption key, the subset keys it deals, digests of those it holds or the box
 * that does not open, and, in a dispute, the ephemeral secret of its own deal or its own box of another's. Secrets are in the vault before anything that depends
 * on them is posted. A member that has lost its secrets posts nothing: it could only look like a liar.
 */
import { publicKeyOf } from '../../primitives/crypto/box.ts';
import { type RandomBytes, sameBytes } from '../../primitives/crypto/bytes.ts';
import { decodeScalar, encodeScalar, randomScalar } from '../../primitives/crypto/ristretto.ts';
import { proveSchnorr } from '../../primitives/crypto/schnorr.ts';
import { TacitError } from '../../primitives/errors.ts';
import { dealSubsetKey, openDeal, openingOf, subsetKeyDigest, type TermContext } from '../../primitives/fhe/deal.ts';
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

/** The body of the member's post for the phase the set-up is in; undefined where it has nothing to post. Throws `committee/lost-secrets`. */
export function setupDutyOf(duty: SetupDuty): SetupBody | undefined {
  const { info, member } = duty;
  const { phase, members } = info.term;
  const status = members[member]?.status.tag;
  const isDue = status === 'Present' && !info.posted.includes(member);
  switch (phase.tag) {
    case 'Keys':
      // A member that let a deadline pass is not waited for, and welcome.
      return status === 'Waiting' || status === 'Absent' ? keys(duty) : undefined;
    case 'Deal':
      return status === 'Present' ? deals(duty) : undefined;
    case 'Digest':
      return isDue ? digests(duty) : undefined;
    case 'Reveal':
      return isDue ? shown(duty) : undefined;
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

/** The member's secrets of this attempt, if they are those its registered key and its deals were made from. */
function standingSecrets({ member, info, vault }: SetupDuty): SetupSecrets | undefined {
  const { term, attempt } = info.term;
  const { setup } = vault.contents;
  const registered = info.keys[member];
  if (setup?.term !== term || setup.attempt !== attempt || registered === undefined) return undefined;
  const isOwn = sameBytes(publicKeyOf(decodeScalar(setup.encryption)), registered);
  const hasDealt = info.deals.every((deal, subset) => deal?.dealer !== member || setup.dealt.has(subset));
  return isOwn && hasDealt ? setup : undefined;
}

function ownSecrets(duty: SetupDuty): SetupSecrets {
  const setup = standingSecrets(duty);
  if (setup !== undefined) return setup;
  const { term, attempt } = duty.info.term;
  throw new TacitError(
    'committee/lost-secrets',
    'the vault does not hold the secrets of this set-up: the member stays silent until the next one',
    { term, attempt },
  );
}

/** The member's subsets, each with its key by the deal that stands; undefined where the box does not open. */
function dealtKeys(duty: SetupDuty, setup: SetupSecrets): Map<number, Uint8Array | undefined> {
  const { member, info } = duty;
  const { params, context } = setting(duty);
  const secret = decodeScalar(setup.encryption);
  const keyOf = (subset: number): Uint8Array | undefined => {
    const standing = info.deals[subset];
    if (standing === undefined) return undefined;
    if (standing.dealer === member) return setup.dealt.get(subset)?.key;
    return openDeal(params, context, subset, standing.dealer, standing.sealed, member, secret);
  };
  return new Map(subsetsWith(params, member).map((subset) => [subset, keyOf(subset)]));
}

/**
 * The member's subset keys of a term that stands: those that were dealt to it, if they are what the others agreed on. Undefined otherwise: a member with one
 * wrong key would answer every question of the term wrongly, so it answers none.
 */
export function agreedKeys(duty: SetupDuty): Map<number, Uint8Array> | undefined {
  const setup = standingSecrets(duty);
  if (setup === undefined) return undefined;
  const { params, context } = setting(duty);
  const held = new Map<number, Uint8Array>();
  for (const [subset, key] of dealtKeys(duty, setup)) {
    const agreed = duty.info.agreed[subset];
    if (key === undefined || agreed === undefined) return undefined;
    if (!sameBytes(subsetKeyDigest(params, context, subset, key), agreed)) return undefined;
    held.set(subset, key);
  }
  return held;
}

/** Digests of all keys; or, if a box does not open, that box. */
function digests(duty: SetupDuty): SetupBody {
  const { params, context } = setting(duty);
  const setup = ownSecrets(duty);
  const all: Uint8Array[] = [];
  for (const [subset, key] of dealtKeys(duty, setup)) {
    if (key === undefined) return opening(duty, setup, subset);
    all.push(subsetKeyDigest(params, context, subset, key));
  }
  return { tag: 'Digest', value: { digests: all } };
}

function opening(duty: SetupDuty, setup: SetupSecrets, subset: number): SetupBody {
  const { member, info, random } = duty;
  const { params, context } = setting(duty);
  const standing = info.deals[subset];
  if (standing === undefined) throw new TacitError('committee/no-deal', 'a subset has no deal to open', { subset });
  const deal = { term: context, subset, ...standing, encryptionKeys: new Map(info.keys.entries()) };
  const made = openingOf(params, deal, member, decodeScalar(setup.encryption), random(32));
  return { tag: 'Opening', value: { opening: { subset, ...made } } };
}

/** In a dispute: the dealer shows its ephemeral secret, the other members of the subset their boxes. */
function shown(duty: SetupDuty): SetupBody | undefined {
  const { member, info } = duty;
  const { params } = setting(duty);
  const { disputed, dealers } = info.term;
  if (disputed === undefined || !subsetsWith(params, member).includes(disputed)) return undefined;
  const setup = ownSecrets(duty);
  if (dealers[disputed] !== member) return opening(duty, setup, disputed);
  const dealt = setup.dealt.get(disputed);
  return dealt && { tag: 'Reveal', value: { ephemeralSecret: dealt.ephemeral } };
}
