/** Receipts as files: what a node has proved of a round, and of whom it is about (specification §15.3). */
import { z } from 'zod';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { decodeScalar, encodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { type Recording, recordingSchema } from '../light/index.ts';
import { unlike } from './facts.ts';
import type { Mask } from './share.ts';

/** Characters of a receipt: the state of the largest round, in hexadecimal. */
export const MAX_RECEIPT_TEXT: number = 48 << 20;

const point = z.string().regex(/^0x[0-9a-f]{64}$/);
const receiptSchema = z.strictObject({
  format: z.literal('tacit-receipt-1'),
  round: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  account: point,
  mask: z.strictObject({ mask: z.string().regex(/^(0|[1-9][0-9]{0,19})$/), blinding: point }).optional(),
  proved: recordingSchema,
});

export interface Receipt {
  readonly round: number;
  /** The account whose item it is about, 32 bytes. */
  readonly account: Uint8Array;
  /** Given only where the receipt is to show what was earned. */
  readonly mask: Mask | undefined;
  readonly proved: Recording;
}

/** @throws `receipt/too-large` */
export function encodeReceipt({ round, account, mask, proved }: Receipt): string {
  const open = mask && { mask: `${mask.mask}`, blinding: toHex(encodeScalar(mask.blinding)) };
  const whole = { format: 'tacit-receipt-1', round, account: toHex(account), mask: open, proved };
  return `${textWith(proved, whole)}\n`;
}

/** The JSON of a file that holds a recording: whoever is to read it takes no larger one. @throws `receipt/too-large` */
export function textWith(proved: Recording, whole: object): string {
  const text = JSON.stringify(whole);
  if (text.length < MAX_RECEIPT_TEXT && recordingSchema.safeParse(proved).success) return text;
  const remedy = 'begin with a younger checkpoint of the chain, or name fewer rounds';
  throw unlike('too-large', `what proves it is more than a file of its kind may hold: ${remedy}`, {
    length: text.length,
  });
}

/** Strict. @throws `receipt/bad-file` */
export function decodeReceipt(text: string): Receipt {
  const { round, account, mask, proved } = parseFile('receipt', receiptSchema, text, MAX_RECEIPT_TEXT);
  return { round, account: fromHex(account), mask: mask && maskIn(mask), proved };
}

function maskIn({ mask, blinding }: { mask: string; blinding: string }): Mask {
  try {
    return { mask: BigInt(mask), blinding: decodeScalar(fromHex(blinding)) };
  } catch {
    throw unlike('bad-file', 'this is no receipt: the blinding of its mask is no scalar');
  }
}

/** What stands in a file of JSON. @throws `receipt/bad-file` */
export function parseFile<T>(what: string, schema: z.ZodType<T>, text: string, most: number): T {
  if (text.length > most)
    throw unlike('bad-file', `a file of ${text.length} characters is too long for a ${what}`, { length: text.length });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unlike('bad-file', `this is no ${what}: it is no JSON`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unlike('bad-file', `this is no ${what}: at ${issue?.path.join('.') || 'the top'}: ${issue?.message}`);
}
