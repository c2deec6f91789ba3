/** What stands on the chain, and is asked of it: extrinsics, state, events, headers, arguments of runtime APIs. All of the runtime's declarations are among them. */
import { digestItem, type Header, header } from '../../../primitives/block/header.ts';
import { concatBytes, utf8 } from '../../../primitives/crypto/bytes.ts';
import { type Ty, tuple, Writer } from '../../../primitives/scale/index.ts';
import { decodeHeader, encodeHeader } from '../../../node/base/header.ts';
import { slotOf, unseal } from '../../../node/base/seal.ts';
import { isExtrinsic } from '../../../node/rpc/params.ts';
import { multiAddress, multiSignature } from '../../../pallets/support/index.ts';
import { parseExpression } from '../../../pallets/licensing/gate/expression.ts';
import { parseCid } from '../../../pallets/registry/cid.ts';
import { nextSetIn } from '../../../client/sdk/light/handover.ts';
import { keysOfEntry, storageKey, storedValue } from '../../../client/sdk/storage.ts';
import { storage } from '../../../client/sdk/generated/chain.ts';
import { sentExtra } from '../../../runtime/extensions.ts';
import { runtime } from '../../../runtime/index.ts';
import type { BytesDecoder, Decoder } from '../attack.ts';
import { drawn, givenBytes, ofType } from '../seeds.ts';

/** One decoder for many types: the first two bytes say which. */
function ofTypes(name: string, types: readonly Ty<unknown>[], ...covers: readonly string[]): BytesDecoder {
  return {
    name,
    covers,
    seeds: () =>
      types.flatMap((ty, i) =>
        drawn(ty)
          .slice(0, 4)
          .map((bytes) => concatBytes(Uint8Array.of(i & 255, i >> 8), bytes)),
      ),
    read: (bytes) => {
      const ty = types[(bytes[0] ?? 0) + 256 * (bytes[1] ?? 0)];
      return ty && concatBytes(bytes.subarray(0, 2), ty.codec.enc(ty.codec.dec(bytes.subarray(2))));
    },
  };
}

const { pallets, callTy, eventTy } = runtime.composition;
const entries = pallets.flatMap((pallet) => Object.values(pallet.storage));
const inputs = pallets
  .flatMap(({ apis }) => Object.values(apis).flatMap(({ methods }) => Object.values(methods)))
  .map((method) => tuple(...(Object.values(method.inputs) as Ty<unknown>[])) as Ty<unknown>);

/** An extrinsic from what was read of it. */
function writtenAgain(bytes: Uint8Array): Uint8Array {
  const { signed, call } = runtime.decode(bytes);
  const body = signed
    ? concatBytes(
        Uint8Array.of(0x84),
        multiAddress.codec.enc({ tag: 'Id', value: signed.account }),
        multiSignature.codec.enc(signed.signature),
        sentExtra.codec.enc(sentExtra.codec.dec(signed.extraBytes)),
        callTy.codec.enc(call),
      )
    : concatBytes(Uint8Array.of(0x04), callTy.codec.enc(call));
  const writer = new Writer(body.length + 5);
  writer.compact(body.length);
  writer.raw(body);
  isExtrinsic(bytes);
  return writer.finish();
}

const headers = (): Uint8Array[] => [...givenBytes('chain', 'header'), ...drawn(header as Ty<Header>)];

const blocks: readonly Decoder[] = [
  {
    name: 'extrinsic',
    covers: ['runtime/extrinsic.ts#decodeExtrinsic', 'node/rpc/params.ts#isExtrinsic'],
    seeds: () => [...givenBytes('chain', 'extrinsic', 'data'), ...givenBytes('chain', 'bareExtrinsic')],
    read: writtenAgain,
  },
  {
    name: 'header',
    covers: ['node/base/header.ts#decodeHeader', 'node/base/seal.ts#unseal', 'pallets/aura/index.ts#slotOf'],
    seeds: headers,
    read: (bytes) => {
      const decoded = decodeHeader(bytes);
      for (const use of [slotOf, unseal, nextSetIn]) refusing(() => use(decoded));
      return encodeHeader(decoded);
    },
  },
  ofType('digest item', digestItem),
  {
    name: 'change of the voters',
    covers: ['client/sdk/light/handover.ts#nextSetIn'],
    seeds: () => [
      Uint8Array.from([
        1,
        8,
        ...new Uint8Array(32).fill(1),
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        ...new Uint8Array(32),
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
      ]),
    ],
    read: (bytes) => {
      const log = { tag: 'Consensus' as const, value: [utf8('FRNK'), bytes] as [Uint8Array, Uint8Array] };
      nextSetIn({ number: 1, digest: { logs: [log] } } as Header);
      return undefined;
    },
  },
];

/** Errors with a code are answers here as well; all others are none. */
function refusing(use: () => unknown): void {
  try {
    use();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

const account = storage.system.account;

const state: readonly Decoder[] = [
  ofType('call', callTy, 'pallets/governance/proposals.ts#decoded'),
  ofTypes(
    'state',
    entries.map(({ ty }) => ty),
    'pallets/support/storage.ts#StorageItem',
  ),
  ofTypes(
    'keys of the state',
    entries.flatMap(({ keys }) => keys.map(({ ty }) => ty)),
  ),
  ofType('event', eventTy as Ty<unknown>),
  ofTypes('arguments of runtime APIs', inputs, 'runtime/runtime.ts#askerOf', 'runtime/session-keys-api.ts#decoded'),
  {
    name: 'entry of the state',
    covers: ['client/sdk/storage.ts#keysOfEntry', 'client/sdk/storage.ts#storedValue'],
    seeds: () => [storageKey(account, new Uint8Array(32)), ...drawn(account.value as Ty<unknown>)],
    read: (bytes) => {
      refusing(() => keysOfEntry(account, bytes));
      storedValue(account, bytes);
      return undefined;
    },
  },
];

const texts: readonly Decoder[] = [
  {
    name: 'licence expression',
    covers: ['pallets/licensing/gate/expression.ts#parseExpression'],
    texts: () => ['MIT', 'MIT OR (Apache-2.0 AND GPL-2.0-or-later WITH Classpath-exception-2.0)', '((MIT))'],
    read: parseExpression,
  },
  {
    name: 'CID',
    covers: ['pallets/registry/cid.ts#parseCid'],
    seeds: () => [Uint8Array.from([1, 0x55, 0x12, 32, ...new Uint8Array(32)])],
    read: (bytes) => parseCid(bytes) && bytes,
  },
];

export const CHAIN: readonly Decoder[] = [...blocks, ...state, ...texts];
