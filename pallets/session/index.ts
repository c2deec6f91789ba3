import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { field, fixed, named, newtype, type Of, str, struct, u32, vec } from '../../primitives/scale/index.ts';
import { reserve, slashReserved } from '../balances/index.ts';
import {
  accountId,
  balance,
  blockNumber,
  constant,
  type Context,
  definePallet,
  ensure,
  event,
  h256,
  map,
  mustHold,
  value,
  type VerifyTask,
} from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { weights } from './weights.ts';

/** sr25519; signs blocks. */
export const auraId = newtype('sp_consensus_aura::sr25519::app_sr25519::Public', fixed(32));
/** ed25519; signs finality votes. */
export const grandpaId = newtype('sp_consensus_grandpa::app::Public', fixed(32));
/** sr25519; signs the committee's posts. */
export const committeeId = newtype('tacit_committee::Public', fixed(32));
export const sessionKeys = struct('tacit_runtime::SessionKeys', {
  aura: auraId,
  grandpa: grandpaId,
  committee: committeeId,
});
export type SessionKeys = Of<typeof sessionKeys>;
export type KeyKind = keyof SessionKeys;

export interface Validator {
  account: Uint8Array;
  keys: SessionKeys;
}

/** Blocks of a session: registered keys come into force at its end. */
const SESSION_LENGTH = 600;
/** Bound of the validator set: a committee has at most ten members, and GRANDPA's votes grow with the square. */
const MAX_VALIDATORS = 64;

const sessionIndex = named('SessionIndex', u32, 'Number of the session, from 0.');
const keyOwnerKey = struct('tacit_session::KeyId', { kind: fixed(4), key: fixed(32) });
const kinds: Record<KeyKind, Uint8Array> = {
  aura: Uint8Array.from([0x61, 0x75, 0x72, 0x61]),
  grandpa: Uint8Array.from([0x67, 0x72, 0x61, 0x6e]),
  committee: Uint8Array.from([0x63, 0x6f, 0x6d, 0x6d]),
};
const keyKinds: readonly KeyKind[] = ['aura', 'grandpa', 'committee'];

/** Who validates, with which keys, and what they stand to lose. */
export const session = definePallet({
  name: 'Session',
  index: 5,
  docs: 'Who validates, with which keys, and what they stand to lose.',
  storage: {
    validators: value(vec(accountId), { default: [], docs: 'The validators, in the order of Aura.' }),
    queuedKeys: value(vec(struct('tacit_session::ValidatorKeys', { account: accountId, keys: sessionKeys })), {
      default: [],
      docs: 'The keys in force, in the order of the validators.',
    }),
    nextKeys: map(accountId, sessionKeys, { docs: 'Keys that come into force when the session ends.' }),
    keyOwner: map(keyOwnerKey, accountId, { docs: 'Whose key it is or was: evidence may be about an old key.' }),
    currentIndex: value(sessionIndex, { default: 0, docs: 'The number of the current session.' }),
    rotatedAt: value(blockNumber, { default: 0, docs: 'The block in which keys last changed.' }),
    bonds: map(accountId, balance, {
      default: 0n,
      docs: "What is left of a validator's bond; reserved in its account.",
    }),
  },
  events: {
    NewSession: event('A session began.', { sessionIndex }),
    KeysRegistered: event('A validator registered keys; they come into force with the next session.', {
      validator: field(accountId, 'Whose keys they are.'),
    }),
    Offence: event('A validator was found breaking the rules, and slashed.', {
      offender: field(accountId, 'The validator.'),
      kind: field(str, 'What it did: `grandpa:equivocation`, `committee:BadShare` and the like.'),
      evidence: field(h256, 'blake2b-256 of what proves it.'),
      slashed: field(balance, 'What was taken of its bond.'),
    }),
  },
  errors: {
    NoAssociatedValidatorId: 'The caller is not a validator.',
    DuplicatedKey: 'Another validator has the key, or had it.',
    InvalidProof: 'The keys do not prove that their owner wants them used by this account.',
  },
  *deposits({ store }) {
    for (const [[who], bond] of store.bonds.entries()) yield [who, bond];
  },
  /** Validators have keys in force, and every key is known to be theirs. */
  tryState({ store }) {
    const inForce = store.queuedKeys.get();
    const names = (list: readonly Uint8Array[]): string => list.map(toHex).join();
    const isInOrder = names(store.validators.get()) === names(inForce.map(({ account }) => account));
    mustHold(isInOrder, 'session/broken-keys', 'validators and their keys are not in one order');
    const next = [...store.nextKeys.entries()].map(([[account], keys]) => ({ account, keys }));
    for (const { account, keys } of [...inForce, ...next]) {
      for (const kind of keyKinds) {
        const owner = store.keyOwner.get({ kind: kinds[kind], key: keys[kind] });
        const isOwn = owner !== undefined && sameBytes(owner, account);
        mustHold(isOwn, 'session/broken-keys', `the ${kind} key of ${toHex(account)} is not known to be its own`);
      }
    }
  },
  constants: {
    SessionLength: constant(blockNumber, SESSION_LENGTH, 'Blocks of a session.'),
    MaxValidators: constant(u32, MAX_VALIDATORS, 'The most validators there can be.'),
  },
  calls: {
    setKeys: {
      index: 0,
      docs: "Register a validator's next session keys; each of them signs `proofText`, in the order aura, grandpa, committee.",
      args: { keys: sessionKeys, proof: fixed(192) },
      weight: ({ measured }) => measured(weights.setKeys),
      tasks: ({ ctx, origin }, { keys, proof }) => proofTasks(ctx, origin.signed(), keys, proof),
      run({ ctx, store, origin, events, errors }, { keys, proof }) {
        const who = origin.signed();
        ensure(
          store.validators.get().some((validator) => sameBytes(validator, who)),
          errors.NoAssociatedValidatorId,
        );
        for (const kind of keyKinds) {
          const owner = store.keyOwner.get({ kind: kinds[kind], key: keys[kind] });
          ensure(owner === undefined || sameBytes(owner, who), errors.DuplicatedKey);
        }
        for (const task of proofTasks(ctx, who, keys, proof)) ensure(ctx.host.verify(task), errors.InvalidProof);
        for (const kind of keyKinds) store.keyOwner.put({ kind: kinds[kind], key: keys[kind] }, who);
        store.nextKeys.put(who, keys);
        events.KeysRegistered({ validator: who });
      },
    },
  },
  onInitialize({ ctx, store, events }) {
    if (ctx.block % SESSION_LENGTH !== 0) return;
    const index = store.currentIndex.get() + 1;
    store.currentIndex.put(index);
    events.NewSession({ sessionIndex: index });
    const changed = [...store.nextKeys.entries()];
    if (changed.length === 0) return;
    const next = store.queuedKeys
      .get()
      .map(({ account, keys }) => ({ account, keys: store.nextKeys.get(account) ?? keys }));
    store.queuedKeys.put(next);
    store.nextKeys.clear();
    store.rotatedAt.put(ctx.block);
  },
  genesis({ ctx, store }, config: { bond: bigint; validators: readonly Validator[] }) {
    checkGenesis(config.validators);
    store.validators.put(config.validators.map(({ account }) => account));
    store.queuedKeys.put([...config.validators]);
    for (const { account, keys } of config.validators) {
      for (const kind of keyKinds) store.keyOwner.put({ kind: kinds[kind], key: keys[kind] }, account);
      reserve(ctx, account, config.bond);
      store.bonds.put(account, config.bond);
    }
  },
});

/** What the three keys sign to be registered for `account`. */
export function proofText(genesis: Uint8Array, account: Uint8Array, keys: SessionKeys): Uint8Array {
  return hash32Of('tacit/session-keys/1', genesis, account, keys.aura, keys.grandpa, keys.committee);
}

function proofTasks(ctx: Context, account: Uint8Array, keys: SessionKeys, proof: Uint8Array): VerifyTask[] {
  const text = proofText(genesisHash(ctx), account, keys);
  return keyKinds.map((kind, i) => ({
    kind: kind === 'grandpa' ? 'ed25519' : 'sr25519',
    parts: [keys[kind], text, proof.slice(64 * i, 64 * i + 64)],
  }));
}

function checkGenesis(validators: readonly Validator[]): void {
  if (validators.length === 0 || validators.length > MAX_VALIDATORS) {
    throw new TacitError('session/bad-genesis', `${validators.length} validators; 1 to ${MAX_VALIDATORS} are possible`);
  }
  const seen = new Set(
    validators.flatMap(({ account, keys }) => [
      `account ${toHex(account)}`,
      ...keyKinds.map((kind) => `${kind} ${toHex(keys[kind])}`),
    ]),
  );
  if (seen.size !== validators.length * 4)
    throw new TacitError('session/bad-genesis', 'two validators share an account or a key');
}

/** The validators with the keys in force, in the order of Aura: member `j` of a committee of all validators is the `j`-th. */
export function validators(ctx: Context): Validator[] {
  return session.use(ctx).store.queuedKeys.get();
}

/** Whether the keys changed in this very block. */
export function rotatedNow(ctx: Context): boolean {
  const { store } = session.use(ctx);
  return store.rotatedAt.get() === ctx.block && ctx.block > 0;
}

/** Whose key it is, or was. */
export function ownerOf(ctx: Context, kind: KeyKind, key: Uint8Array): Uint8Array | undefined {
  return session.use(ctx).store.keyOwner.get({ kind: kinds[kind], key });
}

/** What is left of the bond of `who`. */
export function bondOf(ctx: Context, who: Uint8Array): bigint {
  return session.use(ctx).store.bonds.get(who);
}

/**
 * Names an offender with the hash of the evidence and slashes `amount` of its bond, at most what is left. The caller has checked the evidence and
 * sees to it that an offence is punished once. Returns what was slashed.
 */
export function punish(ctx: Context, offender: Uint8Array, kind: string, evidence: Uint8Array, amount: bigint): bigint {
  const { store, events } = session.use(ctx);
  const bond = store.bonds.get(offender);
  const slashed = slashReserved(ctx, offender, amount < bond ? amount : bond);
  store.bonds.put(offender, bond - slashed);
  events.Offence({ offender, kind, evidence, slashed });
  return slashed;
}
