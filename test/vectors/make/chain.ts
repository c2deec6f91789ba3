/** SCALE of what clients send, headers, extrinsics, storage keys, the texts that are signed (§11.1, §14.10). */
import { type Header, header, headerHash } from '../../../primitives/block/header.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { ed25519FromSeed, ed25519Sign, ed25519Verify } from '../../../primitives/crypto/signature.ts';
import { beaconOf, directionHash, postText } from '../../../primitives/round/index.ts';
import { compact, decodeAll, u128 } from '../../../primitives/scale/index.ts';
import { calls, RuntimeCall, storage } from '../../../client/sdk/generated/chain.ts';
import { storageKey } from '../../../client/sdk/storage.ts';
import {
  decodeExtrinsic,
  encodeBare,
  encodeSigned,
  type SigningFacts,
  signingPayload,
} from '../../../runtime/extrinsic.ts';
import { runtime } from '../../../runtime/index.ts';
import { bad, type Case, type Datum, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('chain');
const wide = compact(u128);

function compacts(): Case[] {
  const values = [
    0n,
    63n,
    64n,
    16_383n,
    16_384n,
    2n ** 30n - 1n,
    2n ** 30n,
    2n ** 32n,
    2n ** 64n - 1n,
    2n ** 128n - 1n,
  ];
  const wrong: Readonly<Record<string, number[]>> = {
    'two bytes for 63': [0xfd, 0x00],
    'four bytes for 16,383': [0xfe, 0xff, 0x00, 0x00],
    'five bytes for 2^30 - 1': [0x03, 0xff, 0xff, 0xff, 0x3f],
    'a zero on top': [0x07, 1, 2, 3, 4, 0],
    'seventeen bytes': [0x37, ...Array.from({ length: 17 }, () => 1)],
    'too short': [0x02, 0x01],
    'a byte more': [0x04, 0x00],
  };
  return [
    ...values.map((value) => good('compact', `${value}`, wide.codec.enc(value), value)),
    ...Object.entries(wrong).map(([name, list]) =>
      bad('compact', name, Uint8Array.from(list), () => decodeAll(wide, Uint8Array.from(list))),
    ),
  ];
}

const enrolment = random(200);
const CALLS: Readonly<Record<string, RuntimeCall>> = {
  'a transfer': calls.balances.transferKeepAlive({ dest: { tag: 'Id', value: random(32) }, value: 1_000_000n }),
  'all of an account': calls.balances.transferAll({ dest: { tag: 'Id', value: random(32) }, keepAlive: false }),
  'an enrolment': calls.royalty.enrol({ round: 70_000, enrolment }),
  'money for a pool': calls.royalty.fund({ model: 7n, amount: 2n ** 40n }),
  'a payment to an asset': calls.royalty.pay({ asset: { tag: 'Model', value: 3n }, amount: 5n }),
  'collected earnings': calls.royalty.collect({ account: random(32) }),
  'a claim': calls.notes.claim({
    class: 2,
    bin: 70_000,
    amount: 50_000n,
    outputs: [{ key: random(32), commitment: random(32) }],
    destination: random(32),
    proof: random(100),
  }),
  'a submission': calls.tally.submit({ round: 5, lane: 1, part: 2, sealed: random(70) }),
  'a direction': calls.tally.publishDirection({ round: 5, part: 1, salt: random(32), direction: random(64) }),
};

function callCases(): Case[] {
  const transfer = RuntimeCall.codec.enc(CALLS['a transfer']!);
  const wrong: Readonly<Record<string, Uint8Array>> = {
    'a byte more': new Uint8Array([...transfer, 0]),
    'a byte less': transfer.slice(0, -1),
    'an address that is none': Uint8Array.of(...transfer.subarray(0, 2), 9, ...transfer.subarray(3)),
    'no such pallet': Uint8Array.of(200, ...transfer.subarray(1)),
    'no such call': Uint8Array.of(3, 77, ...transfer.subarray(2)),
    'a length in a longer form': Uint8Array.of(
      ...RuntimeCall.codec.enc(calls.royalty.enrol({ round: 1, enrolment: new Uint8Array() })).subarray(0, 6),
      1,
      0,
    ),
    'a flag that is none': RuntimeCall.codec
      .enc(CALLS['all of an account']!)
      .map((byte, i, all) => (i === all.length - 1 ? 2 : byte)),
  };
  return [
    ...Object.entries(CALLS).map(([name, call]) => good('call', name, RuntimeCall.codec.enc(call), shown(call))),
    ...Object.entries(wrong).map(([name, bytes]) => bad('call', name, bytes, () => decodeAll(RuntimeCall, bytes))),
  ];
}

/** A call by pallet, name and arguments; an enumeration is its variant's name and value. */
function shown({ tag, value }: RuntimeCall): Datum {
  const inner = value as { tag: string; value?: Record<string, unknown> };
  const args = Object.entries(inner.value ?? {}).map(([name, one]) => {
    const variant = one as { tag?: string; value?: Datum };
    return [name, variant.tag === undefined ? (one as Datum) : { [variant.tag]: variant.value }];
  });
  return { pallet: tag, call: inner.tag, args: Object.fromEntries(args) as Datum };
}

function headerOf(number: number): Header {
  return {
    parentHash: random(32),
    number,
    stateRoot: random(32),
    extrinsicsRoot: random(32),
    digest: {
      logs: [
        { tag: 'PreRuntime', value: [new TextEncoder().encode('aura'), random(8)] },
        { tag: 'Consensus', value: [new TextEncoder().encode('FRNK'), random(70)] },
        { tag: 'Seal', value: [new TextEncoder().encode('aura'), random(64)] },
      ],
    },
  };
}

function headers(): Case[] {
  const cases = [0, 63, 64, 2 ** 31].map((number) => {
    const one = headerOf(number);
    const { parentHash, stateRoot, extrinsicsRoot, digest } = one;
    const logs = digest.logs.map(({ tag, value }) => ({ [tag]: value as Datum }));
    return good('header', `block ${number}`, header.codec.enc(one), {
      hash: headerHash(one),
      parentHash,
      number,
      stateRoot,
      extrinsicsRoot,
      logs,
    });
  });
  const cut = header.codec.enc(headerOf(1)).slice(0, -1);
  const item = header.codec.enc({ ...headerOf(1), digest: { logs: [] } });
  const unknown = Uint8Array.of(...item.subarray(0, -1), 4, 7);
  return [
    ...cases,
    bad('header', 'cut short', cut, () => decodeAll(header, cut)),
    bad('header', 'a digest item that is none', unknown, () => decodeAll(header, unknown)),
  ];
}

function extrinsics(): Case[] {
  const pair = ed25519FromSeed(random(32));
  const call = CALLS['an enrolment']!;
  const small = CALLS['a transfer']!;
  const facts: SigningFacts = { specVersion: 1, transactionVersion: 1, genesisHash: random(32), birthHash: random(32) };
  const of = (name: string, what: RuntimeCall, hashed: boolean, era?: { period: number; phase: number }): Case => {
    const all = { ...facts, ...(hashed ? { metadataHash: random(32) } : {}) };
    const wish = {
      account: pair.publicKey,
      nonce: 77,
      tip: 3n,
      ...(era ? { era } : {}),
      sign: (payload: Uint8Array) => ({ tag: 'Ed25519' as const, value: ed25519Sign(pair, payload) }),
    };
    const runtimeCall = decodeAll(runtime.callTy, RuntimeCall.codec.enc(what));
    const data = encodeSigned(runtime.callTy, runtimeCall, wish, all);
    const { signed, callBytes } = decodeExtrinsic(runtime.callTy, data);
    if (signed === undefined) throw new Error('not signed');
    const payload = signingPayload(callBytes, signed.extraBytes, all);
    return good(
      'extrinsic',
      name,
      { data, ...all, metadataHash: all.metadataHash ?? null } as Datum,
      {
        hash: blake2b256(data),
        signer: signed.account,
        nonce: signed.nonce,
        tip: signed.tip,
        era: era ?? null,
        call: callBytes,
        payload,
        signature: ed25519Verify(signed.signature.value as Uint8Array, payload, signed.account),
      } as Datum,
    );
  };
  const bareCall = decodeAll(runtime.callTy, RuntimeCall.codec.enc(CALLS['a direction']!));
  const bare = encodeBare(runtime.callTy, bareCall);
  const version = bare.map((byte, i) => (i === 2 ? 5 : byte));
  const longer = new Uint8Array([...bare, 0]);
  return [
    of('mortal', small, false, { period: 64, phase: 12 }),
    of('immortal, long: the payload is hashed', call, false),
    of('bound to the metadata', small, true, { period: 65_536, phase: 16 * 100 }),
    good('bareExtrinsic', 'a direction', bare, { hash: blake2b256(bare), call: bare.subarray(3) }),
    bad('bareExtrinsic', 'another version', version, () => decodeExtrinsic(runtime.callTy, version)),
    bad('bareExtrinsic', 'a byte more than announced', longer, () => decodeExtrinsic(runtime.callTy, longer)),
  ];
}

function keys(): Case[] {
  const account = random(32);
  const { system, tally, grandpa, notes } = storage;
  const kinds: readonly (readonly [name: string, keys: readonly Datum[], key: Uint8Array])[] = [
    ['System.Account', [account], storageKey(system.account, account)],
    ['System.Number', [], storageKey(system.number)],
    ['Tally.Rounds', [7], storageKey(tally.rounds, 7)],
    ['Tally.Posts', [7, 3, 0, 2], storageKey(tally.posts, 7, 3, 0, 2)],
    ['Tally.SubmissionOf', [7, account, 1, 0], storageKey(tally.submissionOf, 7, account, 1, 0)],
    ['Tally.UsedKeys', [7, account], storageKey(tally.usedKeys, 7, account)],
    ['Tally.Submissions', [9, 300], storageKey(tally.submissions, 9, 300)],
    ['Notes.Notes', [2, 16], storageKey(notes.notes, 2, 16)],
    ['Notes.Bins', [2, 9], storageKey(notes.bins, 2, 9)],
    ['Notes.Tags', [account], storageKey(notes.tags, account)],
    ['Grandpa.SetBegan', [5n], storageKey(grandpa.setBegan, 5n)],
  ];
  return kinds.map(([name, given, key]) => good('storageKey', name, { item: name, keys: given }, key));
}

function texts(): Case[] {
  const [genesis, secrets, salt, direction, post] = [
    random(32),
    [random(32), random(32)],
    random(32),
    random(20),
    random(90),
  ];
  return [
    good('beacon', 'of two secrets', { genesis, round: 9, secrets }, beaconOf(genesis, 9, secrets)),
    good('directionHash', 'part 1', { part: 1, salt, direction }, directionHash(1, salt, direction)),
    good('postText', 'of the tally', { genesis, pallet: 21, post }, postText(genesis, 21, post)),
  ];
}

export function chainVectors(): Vectors {
  return {
    spec: ['§4.4', '§9.2', '§11.1', '§14.10'],
    cases: [...compacts(), ...callCases(), ...headers(), ...extrinsics(), ...keys(), ...texts()],
  };
}
