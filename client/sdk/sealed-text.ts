/** Texts of files beside a wallet's own: sealed, so that only the wallet can read them. They would tell which rounds it was in, and what it holds. */
import { z } from 'zod';
import { openOnce, sealOnce } from '../../primitives/crypto/aead.ts';
import { type RandomBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import type { Wallet } from './keys.ts';

/** What a kind of file is called inside. */
export interface Kind {
  /** `tacit-claims-1`: stands in the text. */
  readonly format: string;
  /** `tacit/claims-file/1`: separates its keys from those of other kinds. */
  readonly label: string;
}

const fileSchema = z.strictObject({
  format: z.string(),
  salt: z.string().regex(/^0x[0-9a-f]{64}$/),
  // without groups: on a text of megabytes those would need a stack as deep
  box: z.string().regex(/^0x[0-9a-f]*$/),
});

/** One key seals one text: the salt is fresh with every writing. */
const keyOf = ({ label }: Kind, wallet: Wallet, salt: Uint8Array): Uint8Array => hash32Of(label, wallet.noteSeed, salt);

/** The text of a file that holds `value`, which JSON can. */
export function sealText(kind: Kind, wallet: Wallet, value: unknown, random: RandomBytes): string {
  const salt = random(32);
  const box = sealOnce(keyOf(kind, wallet, salt), utf8(JSON.stringify(value)), utf8(kind.label));
  return `${JSON.stringify({ format: kind.format, salt: toHex(salt), box: toHex(box) })}\n`;
}

/** The value in a text of {@link sealText}; undefined if it is damaged, of another kind, or another wallet's. */
export function openText<T>(kind: Kind, wallet: Wallet, schema: z.ZodType<T>, text: string): T | undefined {
  const file = fileSchema.safeParse(jsonOf(text));
  if (!file.success || file.data.format !== kind.format || file.data.box.length % 2 !== 0) return undefined;
  const { salt, box } = file.data;
  const plain = openOnce(keyOf(kind, wallet, fromHex(salt)), fromHex(box), utf8(kind.label));
  const value = schema.safeParse(plain && jsonOf(new TextDecoder().decode(plain)));
  return value.success ? value.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
