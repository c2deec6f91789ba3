import { z } from 'zod';
import { fromHex, toHex } from '../primitives/crypto/hex.ts';
import { fromAddress } from '../primitives/crypto/ss58.ts';
import { TacitError } from '../primitives/errors.ts';
import { EXISTENTIAL_DEPOSIT } from '../primitives/money.ts';
import { fheParams, SECURE_PARAMS } from '../primitives/fhe/params.ts';

/** Money as decimal text of units of 10^-6 TAC: JSON numbers would lose digits above 2^53. */
const amount = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,29})$/, 'not a whole number of units in decimal digits')
  .transform((text) => BigInt(text));
/** What an account begins with: the runtime makes none that holds less than the existential deposit. */
const endowment = amount.refine((units) => units >= EXISTENTIAL_DEPOSIT, {
  error: ({ input }) => `${String(input)} units are too few for an account: the least is ${EXISTENTIAL_DEPOSIT}`,
});

function parsed<T>(what: string, parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: `not ${what}` });
      return z.NEVER;
    }
  });
}
const account = parsed('an address of this chain', fromAddress);
const publicKey = parsed('a public key: 0x and 64 hexadecimal digits', (text) => {
  const key = fromHex(text);
  if (key.length !== 32) throw new TacitError('chain-spec/bad-key', 'a public key has 32 bytes');
  return key;
});
const blocks = z.number().int().min(1).max(1_000_000);

const sections = z.strictObject({
  balances: z.strictObject({ accounts: z.array(z.tuple([account, endowment])).max(100_000) }),
  session: z.strictObject({
    bond: amount,
    validators: z
      .array(
        z.strictObject({
          account,
          keys: z.strictObject({ aura: publicKey, grandpa: publicKey, committee: publicKey }),
        }),
      )
      .min(1)
      .max(64),
  }),
  parameters: z.record(z.string().max(64), amount).optional(),
  committee: z
    .strictObject({
      paramsId: z.string(),
      setupBlocks: blocks,
      retryBlocks: blocks,
      termRounds: z.number().int().min(1).max(1_000_000),
      slash: amount,
    })
    .optional(),
  tally: z
    .strictObject({
      stepBlocks: blocks,
      lateWindow: blocks,
      leastK: z.number().int().min(1).max(10_000),
      depositBase: amount,
      depositPerByte: amount,
    })
    .optional(),
});

const schema = z.strictObject({
  name: z.string().min(1).max(64),
  id: z.string().regex(/^[a-z0-9-]{1,32}$/, 'not 1 to 32 of a-z, 0-9 and -'),
  chainType: z.enum(['Development', 'Local', 'Live']),
  properties: z.strictObject({ tokenSymbol: z.literal('TAC'), tokenDecimals: z.literal(6), ss58Format: z.literal(42) }),
  bootNodes: z.array(z.string().max(256)).max(64),
  genesis: sections,
});

/** A chain specification as it is written down: JSON. */
export type ChainSpecJson = z.input<typeof schema>;
/** A chain specification as the node uses it: addresses and keys are bytes, amounts are bigints; `genesis` by pallet. */
export type ChainSpec = z.output<typeof schema>;

/** Larger texts are refused before they are parsed. */
const MAX_TEXT = 16 * 1024 * 1024;

/** Reads a specification. @throws TacitError `chain-spec/not-json`, `chain-spec/invalid` (naming the place) or `chain-spec/inconsistent`. */
export function parseChainSpecText(text: string): ChainSpec {
  if (text.length > MAX_TEXT)
    throw new TacitError('chain-spec/too-long', `a chain specification has at most ${MAX_TEXT} characters`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new TacitError(
      'chain-spec/not-json',
      `the chain specification is not JSON: ${error instanceof Error ? error.message : ''}`,
    );
  }
  return parseChainSpec(json);
}

/** Checks a specification's form and whether its parts agree. */
export function parseChainSpec(json: unknown): ChainSpec {
  const outcome = schema.safeParse(json);
  if (!outcome.success) {
    const [issue] = outcome.error.issues;
    const path = issue?.path.join('.') ?? '';
    throw new TacitError(
      'chain-spec/invalid',
      `chain specification, at ${path || 'the top'}: ${issue?.message ?? 'wrong'}`,
      { path },
    );
  }
  checkConsistency(outcome.data);
  return outcome.data;
}

function inconsistent(path: string, message: string): TacitError {
  return new TacitError('chain-spec/inconsistent', `chain specification, at genesis.${path}: ${message}`, {
    path: `genesis.${path}`,
  });
}

function checkConsistency({ genesis: { balances, session, committee, tally } }: ChainSpec): void {
  const endowed = new Map(balances.accounts.map(([who, free]) => [toHex(who), free]));
  if (endowed.size !== balances.accounts.length)
    throw inconsistent('balances.accounts', 'an account stands there twice');
  for (const kind of ['aura', 'grandpa', 'committee'] as const) {
    const keys = new Set(session.validators.map(({ keys }) => toHex(keys[kind])));
    if (keys.size !== session.validators.length)
      throw inconsistent('session.validators', `two validators share their ${kind} key`);
  }
  const accounts = new Set(session.validators.map((validator) => toHex(validator.account)));
  if (accounts.size !== session.validators.length)
    throw inconsistent('session.validators', 'an account stands there twice');
  for (const validator of accounts) {
    const [has, least] = [endowed.get(validator) ?? 0n, session.bond + EXISTENTIAL_DEPOSIT];
    if (has < least) {
      const why = `the balance of ${validator}, ${has} units, does not cover it: the least is ${least}`;
      throw inconsistent('session.bond', `${why}, for ${EXISTENTIAL_DEPOSIT} stay free`);
    }
  }
  if (tally && !committee) throw inconsistent('tally', 'a tally needs a committee');
  if (committee) checkCommittee(committee.paramsId, session.validators.length);
}

function checkCommittee(paramsId: string, validators: number): void {
  if (!SECURE_PARAMS.includes(paramsId)) {
    throw inconsistent('committee.paramsId', `${paramsId} is none of ${SECURE_PARAMS.join(', ')}`);
  }
  const { n } = fheParams(paramsId);
  if (n !== validators)
    throw inconsistent('committee.paramsId', `${paramsId} is for ${n} validators, there are ${validators}`);
}
