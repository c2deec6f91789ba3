import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { makeTy, type Ty } from '../../primitives/scale/index.ts';
import type { RuntimeCall } from './types.ts';

/** A call as an argument of another call. */
export interface InnerCall {
  readonly ty: Ty<RuntimeCall>;
  /** Bytes of the encoded call. */
  lengthOf(call: RuntimeCall): number;
  /** blake2b-256 of the encoded call, by which it is known before it is made. */
  hashOf(call: RuntimeCall): Uint8Array;
}

/**
 * A call is weighed before anybody has paid, at each depth of calls within calls: encoding it anew each time would be work for nothing, so its length is noted
 * while it is decoded. A value has one encoding, so what was read is what would be written.
 */
export function innerCall(callTy: Ty<RuntimeCall>): InnerCall {
  const lengths = new WeakMap<RuntimeCall, number>();
  const ty = makeTy<RuntimeCall>({
    minSize: callTy.minSize,
    read(reader) {
      const start = reader.offset;
      const call = callTy.read(reader);
      lengths.set(call, reader.offset - start);
      return call;
    },
    write: (writer, call) => callTy.write(writer, call),
    def: () => ({ tag: 'alias', of: callTy }),
  });
  return {
    ty,
    lengthOf: (call) => lengths.get(call) ?? callTy.codec.enc(call).length,
    hashOf: (call) => blake2b256(callTy.codec.enc(call)),
  };
}
