/**
 * Statements of earnings for one chosen verifier (specification §15.4): "the notes of these rounds are mine, and were paid these amounts". The verifier is convinced, and
 * cannot convince anybody else, for whoever has its secret key can make the same statement about any account and any amounts.
 */
import { z } from 'zod';
import { openWith, publicKeyOf, sealTo } from '../../../primitives/crypto/box.ts';
import { sameBytes, utf8 } from '../../../primitives/crypto/bytes.ts';
import { type HashPart, hash32Of } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { hashToScalar, randomScalar, type Scalar } from '../../../primitives/crypto/ristretto.ts';
import {
  designatedNonces,
  type DesignatedStatement,
  MAX_STATED,
  openVerifierKey,
  proveDesignated,
  verifierKey,
  verifyDesignated,
  withoutAmount,
} from '../../../primitives/proofs/designated.ts';
import { AMOUNT_LIMIT } from '../../../primitives/proofs/notes.ts';
import type { Chain } from '../connect.ts';
import type { Wallet } from '../keys.ts';
import { type State, recordingSchema, trustRootOf } from '../light/index.ts';
import { random } from '../ports.ts';
import { itemOfAccount, type PaidItem, type RoundFacts, unlike } from './facts.ts';
import { MAX_RECEIPT_TEXT, parseFile, textWith } from './file.ts';
import { offline, readRounds } from './receipt.ts';
import { maskOf, openItem } from './share.ts';

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`));
/** Below 2^48 grains. */
const grainsText = z.string().regex(/^(0|[1-9][0-9]{0,14})$/);

const keySchema = z.strictObject({ format: z.literal('tacit-verifier-key-1'), key: hex(96) });
const MAX_KEY_TEXT = 4096;

/** Characters of a statement: its box in hexadecimal, and some more. */
const MAX_STATEMENT_TEXT = 2 * MAX_RECEIPT_TEXT + 4096;

const statementSchema = z.strictObject({
  format: z.literal('tacit-statement-1'),
  verifier: hex(32),
  ephemeral: hex(32),
  box: z
    .string()
    .max(MAX_STATEMENT_TEXT)
    .regex(/^0x[0-9a-f]*$/),
});

const sealedSchema = z.strictObject({
  account: hex(32),
  notes: z
    .array(z.strictObject({ round: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER), grains: grainsText }))
    .min(1)
    .max(MAX_STATED),
  proof: z
    .string()
    .max(2 + 64 * (3 + 2 * MAX_STATED))
    .regex(/^0x([0-9a-f]{64})+$/),
  proved: recordingSchema,
});

/** What a verifier is told of one round. */
export interface StatedNote {
  readonly round: number;
  readonly item: number;
  /** Grains, whole units of 10^-6 TAC, and of them the stake. */
  readonly grains: bigint;
  readonly amount: bigint;
  readonly stake: bigint;
}

/** What a statement says, and of whom. */
export interface Stated {
  readonly account: Uint8Array;
  readonly notes: readonly StatedNote[];
  readonly block: State['block'];
}

const secretOf = ({ noteSeed }: Wallet): Scalar => hashToScalar('tacit/verifier-secret/1', noteSeed);
const associatedOf = (verifier: Uint8Array): Uint8Array => hash32Of('tacit/statement-box/1', verifier);

/** The verifier's key as a file that it gives away; the secret follows from its wallet. It says nothing of the wallet's accounts. */
export function makeVerifierKey(wallet: Wallet): string {
  const key = toHex(verifierKey(secretOf(wallet), random(32)));
  return `${JSON.stringify({ format: 'tacit-verifier-key-1', key })}\n`;
}

function verifierIn(text: string): Uint8Array {
  return openVerifierKey(fromHex(parseFile('verifier’s key', keySchema, text, MAX_KEY_TEXT).key));
}

/** A note, and what it is said to hold. */
interface Claimed {
  readonly facts: RoundFacts;
  readonly own: PaidItem;
  readonly grains: bigint;
}

/** What is proved: `C - (a - w t) G`, where the wrap `w` follows from payout and amount (§7.5), and everything else by the message. */
function statementOf(
  verifier: Uint8Array,
  genesis: Uint8Array,
  account: Uint8Array,
  claimed: readonly Claimed[],
): DesignatedStatement {
  const parts = claimed.flatMap(({ facts, own, grains }): HashPart[] => [facts.view.round, own.item, grains]);
  return {
    verifier,
    message: hash32Of('tacit/statement/1', genesis, account, claimed.length, ...parts),
    notes: claimed.map(({ facts, own, grains }) => {
      return withoutAmount(own.note, own.z < grains ? grains - facts.params.t : grains);
    }),
  };
}

/**
 * A statement of what named rounds paid, for one verifier. The node sees which rounds are asked for.
 * @param verifierKeyText what {@link makeVerifierKey} gave the verifier
 * @throws `designated/verifier-key`, `receipt/bad-file`, `receipt/rounds` for no round, one twice or too many; `receipt/too-large`, and what `makeReceipt` throws
 */
export async function makeStatement(
  chain: Pick<Chain, 'light'>,
  wallet: Wallet,
  rounds: readonly number[],
  verifierKeyText: string,
): Promise<string> {
  const verifier = verifierIn(verifierKeyText);
  checkRounds(rounds);
  const { light, recording } = chain.light.recorded();
  const read = await readRounds(light, rounds);
  const account = wallet.account.publicKey;
  const known = read.rounds.map((facts) => {
    const own = itemOfAccount(facts, account);
    const { mask, blinding, key } = maskOf(facts, own, wallet);
    const { grains } = openItem(facts, own, { mask, blinding });
    return { facts, own, grains, secrets: { key, blinding: -blinding } };
  });
  const genesis = fromHex(await light.genesis());
  const statement = statementOf(verifier, genesis, account, known);
  const secrets = known.map((one) => one.secrets);
  const nonces = designatedNonces(
    statement,
    secrets.flatMap(({ key, blinding }) => [key, blinding]),
    random,
  );
  const notes = known.map(({ facts, grains }) => ({ round: facts.view.round, grains: `${grains}` }));
  const proof = toHex(proveDesignated(statement, secrets, nonces));
  const proved = recording();
  return sealFor(verifier, textWith(proved, { account: toHex(account), notes, proof, proved }));
}

/** Only the verifier reads it: who intercepts it learns no amount, and sees no statement that the verifier cannot have made. */
function sealFor(verifier: Uint8Array, text: string): string {
  const secret = randomScalar(random);
  const box = toHex(sealTo(verifier, utf8(text), associatedOf(verifier), secret));
  const file = { format: 'tacit-statement-1', verifier: toHex(verifier), ephemeral: toHex(publicKeyOf(secret)), box };
  return `${JSON.stringify(file)}\n`;
}

function checkRounds(rounds: readonly number[]): void {
  if (rounds.length >= 1 && rounds.length <= MAX_STATED && new Set(rounds).size === rounds.length) return;
  throw unlike('rounds', `a statement is about 1 to ${MAX_STATED} rounds, each named once`, { rounds: rounds.length });
}

/**
 * Opens and checks a statement, without a node, as the verifier that it was made for. It has convinced nobody who does not know that this wallet did not make it.
 * @param chain the chain's specification, or a checkpoint that is not younger than the statement
 * @throws `receipt/bad-file`, `receipt/other-verifier`, `receipt/false-statement`, `receipt/rounds`, and what reading the rounds throws
 */
export async function checkStatement(text: string, chain: unknown, verifier: Wallet): Promise<Stated> {
  const file = parseFile('statement', statementSchema, text, MAX_STATEMENT_TEXT);
  const secret = secretOf(verifier);
  const key = publicKeyOf(secret);
  if (!sameBytes(fromHex(file.verifier), key))
    throw unlike('other-verifier', 'the statement is for another verifier, and says nothing to this one');
  const plain =
    file.box.length % 2 === 0
      ? openWith(secret, fromHex(file.ephemeral), fromHex(file.box), associatedOf(key))
      : undefined;
  if (plain === undefined) throw unlike('bad-file', 'this is no statement: its box does not open');
  const {
    account: name,
    notes,
    proof,
    proved,
  } = parseFile('statement', sealedSchema, new TextDecoder().decode(plain), MAX_RECEIPT_TEXT);
  const rounds = notes.map(({ round }) => round);
  checkRounds(rounds);
  const account = fromHex(name);
  const light = offline(proved, trustRootOf(chain));
  const read = await readRounds(light, rounds);
  const claimed = read.rounds.map((facts, i): Claimed => {
    return { facts, own: itemOfAccount(facts, account), grains: BigInt(notes[i]?.grains ?? 0) };
  });
  const statement = statementOf(key, fromHex(await light.genesis()), account, claimed);
  const isAmount = claimed.every(({ grains }) => grains < AMOUNT_LIMIT);
  if (!isAmount || !verifyDesignated(statement, fromHex(proof)))
    throw unlike('false-statement', 'the statement proves nothing: other notes or amounts, or somebody else’s');
  return { account, block: read.state.block, notes: claimed.map(statedNote) };
}

function statedNote({ facts, own, grains }: Claimed): StatedNote {
  const { payout, view } = facts;
  return { round: view.round, item: own.item, grains, amount: grains / payout.grains, stake: payout.stake };
}
