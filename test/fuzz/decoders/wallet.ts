/** Files of wallets, chains and keys, and what their owners hand on. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLocalSpec, parseChainSpecText } from '../../../chain-spec/index.ts';
import { unitsOf } from '../../../client/cli/flags.ts';
import { openPlan, sealPlan } from '../../../client/sdk/claim-plan.ts';
import { type Wallet, walletOf } from '../../../client/sdk/keys.ts';
import { type Recording, recordingSchema, trustRootOf } from '../../../client/sdk/light/index.ts';
import { emptyBook, openBook, sealBook } from '../../../client/sdk/notes/index.ts';
import { decodeReceipt, encodeReceipt } from '../../../client/sdk/receipt/file.ts';
import { checkReceipt } from '../../../client/sdk/receipt/receipt.ts';
import { checkStatement } from '../../../client/sdk/receipt/statement.ts';
import { type Kind, sealText } from '../../../client/sdk/sealed-text.ts';
import { openUpdate } from '../../../client/sdk/node/update-file.ts';
import { openWalletText, sealWallet } from '../../../client/sdk/wallet-file.ts';
import { loadKeyFile } from '../../../node/keys.ts';
import { publicKeyOf, sealTo } from '../../../primitives/crypto/box.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { hashToScalar } from '../../../primitives/crypto/ristretto.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { scratchFolder } from '../../support/scratch.ts';
import type { Decoder } from '../attack.ts';

const SDK = 'client/sdk';
const fixed = (length: number, fill = 3): Uint8Array => new Uint8Array(length).fill(fill);
const GENESIS = fixed(32);
const HASH = toHex(GENESIS);
const wallet = walletOf(fixed(32));
const spec = JSON.stringify(buildLocalSpec({ validators: 4 }));
/** What makes a key of a passphrase takes a quarter of a second elsewhere. */
const quick = (passphrase: string, salt: Uint8Array): Uint8Array => hash32Of('tacit/fuzz/1', passphrase, salt);

const CHECKPOINT = JSON.stringify({
  format: 'tacit-checkpoint-1',
  name: 'x',
  chainType: 'Live',
  genesis: HASH,
  number: 7,
  hash: HASH,
  setId: '1',
  authorities: [[HASH, '1']],
});

const chains: readonly Decoder[] = [
  {
    name: 'chain specification',
    covers: ['chain-spec/schema.ts#parseChainSpecText', 'chain-spec/schema.ts#parseChainSpec'],
    share: 0.05,
    texts: () => [spec],
    read: parseChainSpecText,
  },
  {
    name: 'trust root',
    covers: ['parse', 'checked', 'trustRootOf'].map((name) => `${SDK}/light/root.ts#${name}`),
    share: 0.1,
    texts: () => [spec, CHECKPOINT],
    read: trustRootOf,
  },
];

const headerJson = {
  parentHash: HASH,
  number: '0x7',
  stateRoot: HASH,
  extrinsicsRoot: HASH,
  digest: { logs: ['0x00'] },
};
const RECORDING: Recording = {
  head: HASH,
  headers: [[HASH, headerJson]],
  finality: [[7, '0x00']],
  hints: [['0x01', null]],
  hashes: [[7, HASH]],
  nodes: ['0x0001', '0x'],
};
const receipt = (open: boolean): string =>
  encodeReceipt({ round: 3, account: GENESIS, mask: open ? { mask: 5n, blinding: 6n } : undefined, proved: RECORDING });

/** The verifier's box with other contents. */
function statementOf(text: string): string {
  const verifier = publicKeyOf(hashToScalar('tacit/verifier-secret/1', wallet.noteSeed));
  const associated = hash32Of('tacit/statement-box/1', verifier);
  const box = toHex(sealTo(verifier, utf8(text), associated, 9n));
  return JSON.stringify({
    format: 'tacit-statement-1',
    verifier: toHex(verifier),
    ephemeral: toHex(publicKeyOf(9n)),
    box,
  });
}
const SEALED = {
  account: HASH,
  notes: [{ round: 1, grains: '5' }],
  proof: `0x${'00'.repeat(32 * 5)}`,
  proved: RECORDING,
};

const papers: readonly Decoder[] = [
  {
    name: 'receipt',
    covers: [`${SDK}/receipt/file.ts#decodeReceipt`, `${SDK}/receipt/file.ts#parseFile`],
    share: 0.3,
    texts: () => [receipt(true), receipt(false)],
    read: (text) => recordingSchema.parse(decodeReceipt(text).proved),
  },
  {
    name: 'receipt without a node',
    covers: [`${SDK}/light/rpc.ts#NodeRpc`, `${SDK}/light/rpc.ts#decoded`],
    share: 0.02,
    texts: () => [receipt(true)],
    read: (text) => checkReceipt(text, CHECKPOINT),
  },
  {
    name: 'statement',
    covers: [`${SDK}/receipt/statement.ts#checkStatement`],
    share: 0.02,
    texts: () => [statementOf(JSON.stringify(SEALED))],
    read: (text) => checkStatement(text, CHECKPOINT, wallet),
  },
  {
    name: 'contents of a statement',
    covers: [],
    share: 0.02,
    texts: () => [JSON.stringify(SEALED)],
    read: (text) => checkStatement(statementOf(text), CHECKPOINT, wallet),
  },
];

const NOTE = {
  class: 0,
  number: 1,
  modulus: `${2n ** 50n - 27n}`,
  grains: '16',
  origin: { round: 1, item: 0, stake: '5', rate: '1', score: '-7' },
  key: '5',
  amount: '100',
  twin: 0,
  blinding: '6',
  tag: HASH,
  spent: { claim: 0, amount: '20', destination: HASH },
  bin: 0,
};
const BOOK = {
  genesis: HASH,
  cursor: { block: 1, rounds: 2, unsettled: [1], claims: 0, classes: [{ notes: 1, bins: 1 }] },
  bins: [{ class: 0, bin: 0, first: 0, count: 1, digits: 3, root: HASH, largest: '5' }],
  notes: [NOTE, { ...NOTE, origin: { claim: 1 } }],
  problems: [{ where: 'x', code: 'y', message: 'z' }],
  failed: [{ round: 1, failure: 'x' }],
};
const PLAN = { genesis: HASH, claims: [{ class: 0, number: 1, bin: 0, amount: '20000', split: 0, due: 7 }] };
const BOOKS: Kind = { format: 'tacit-notes-1', label: 'tacit/notes-file/1' };
const PLANS: Kind = { format: 'tacit-claims-1', label: 'tacit/claims-file/1' };

/** The text of JSON sealed for the wallet, so that what is read is reached. */
const sealed = (kind: Kind, text: string): string => sealText(kind, wallet, jsonOf(text), fixed);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A book that is taken can be written, and is then the same. */
function bookAgain(own: Wallet, text: string): void {
  const book = openBook(own, GENESIS, text);
  const again = sealBook(own, book, fixed);
  if (sealBook(own, openBook(own, GENESIS, again), fixed) !== again) throw new Error('another book');
}

const wallets: readonly Decoder[] = [
  {
    name: 'wallet file',
    covers: [`${SDK}/wallet-file.ts#openWalletText`, `${SDK}/wallet-file.ts#parseFile`],
    texts: () => [sealWallet(fixed(32), 'x', fixed, quick)],
    read: (text) => openWalletText('x', text, 'x', quick),
  },
  {
    name: 'sealed text',
    covers: [`${SDK}/sealed-text.ts#openText`, `${SDK}/sealed-text.ts#jsonOf`],
    texts: () => [sealBook(wallet, emptyBook(GENESIS), fixed), sealPlan(wallet, GENESIS, [], fixed)],
    read: (text) => [reading(() => openBook(wallet, GENESIS, text)), openPlan(wallet, GENESIS, text)],
  },
  {
    name: 'store of notes',
    covers: [`${SDK}/notes/store.ts#openBook`],
    share: 0.2,
    texts: () => [JSON.stringify(BOOK)],
    read: (text) => bookAgain(wallet, sealed(BOOKS, text)),
  },
  {
    name: 'plan of claims',
    covers: [`${SDK}/claim-plan.ts#openPlan`],
    share: 0.3,
    texts: () => [JSON.stringify(PLAN)],
    read: (text) => openPlan(wallet, GENESIS, sealed(PLANS, text)),
  },
  {
    name: 'amount on the command line',
    covers: [],
    texts: () => ['1', '0.5', '123.456789'],
    read: (text) => unitsOf('--amount', text),
  },
];

/** Undefined for a refusal with a code. */
function reading<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isTacitError(error)) return undefined;
    throw error;
  }
}

const folder = mkdtempSync(join(scratchFolder('fuzz'), 'files-'));
const path = join(folder, 'file');
const PUBLIC = { aura: HASH, grandpa: HASH, committee: HASH };
const KDF = { name: 'scrypt', N: 32_768, r: 8, p: 1, salt: HASH };

/** What `numpy.save` writes of two numbers. */
const NUMPY = (() => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  const text = `${header.padEnd(128 - 10 - 1)}\n`;
  return Uint8Array.of(0x93, ...utf8('NUMPY'), 1, 0, text.length, 0, ...utf8(text), ...fixed(8));
})();

const files: readonly Decoder[] = [
  {
    name: 'key file of a validator',
    covers: ['node/keys.ts#loadKeyFile'],
    share: 0.0002,
    texts: () => [
      JSON.stringify({
        version: 1,
        public: PUBLIC,
        kdf: KDF,
        cipher: 'chacha20-poly1305',
        sealed: `0x${'00'.repeat(112)}`,
      }),
    ],
    read: (text) => {
      writeFileSync(path, text, { mode: 0o600 });
      return loadKeyFile(path, 'x');
    },
  },
  {
    name: 'update',
    covers: [
      `${SDK}/node/update-file.ts#openUpdate`,
      `${SDK}/update-file.ts#numbers`,
      `${SDK}/update-file.ts#numpyLayout`,
    ],
    share: 0.05,
    seeds: () => [fixed(8), fixed(800), NUMPY],
    read: async (bytes) => {
      writeFileSync(path, bytes);
      await using update = await openUpdate(path);
      const values: number[] = [];
      for await (const chunk of update.chunks()) values.push(...Array.from(chunk));
      // What NumPy's header says has no encoding here.
      return bytes[0] === NUMPY[0] ? undefined : new Uint8Array(Float64Array.from(values).buffer);
    },
  },
];

export const WALLET: readonly Decoder[] = [...chains, ...papers, ...wallets, ...files];
