/** JSON of what a submission is made of, for programs that share nothing but text. */

const base64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

export function toText(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return { $integer: `${one}` };
    if (one instanceof Uint8Array) return { $bytes: base64(one) };
    if (one instanceof BigUint64Array)
      return { $words: base64(new Uint8Array(one.buffer, one.byteOffset, one.byteLength)) };
    return one;
  });
}

interface Tagged {
  readonly $integer?: string;
  readonly $bytes?: string;
  readonly $words?: string;
}

export function ofText(text: string): unknown {
  return JSON.parse(text, (_, one: Tagged | null) => {
    if (one?.$integer !== undefined) return BigInt(one.$integer);
    if (one?.$bytes !== undefined) return bytesOf(one.$bytes);
    if (one?.$words !== undefined) return new BigUint64Array(bytesOf(one.$words).buffer);
    return one;
  });
}
