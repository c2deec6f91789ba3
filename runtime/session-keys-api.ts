import { sessionKeys } from '../pallets/session/index.ts';
import { type Api, method } from '../pallets/support/index.ts';
import { utf8 } from '../primitives/crypto/bytes.ts';
import { isTacitError, TacitError } from '../primitives/errors.ts';
import { bounded, bytes, fixed, option, tuple, vec } from '../primitives/scale/index.ts';

const keyTypeId = fixed(4);
const rawKeys = vec(tuple(bytes, keyTypeId));

function decoded(encoded: Uint8Array): [Uint8Array, Uint8Array][] | undefined {
  try {
    const { aura, grandpa, committee } = sessionKeys.codec.dec(encoded);
    return [
      [aura, utf8('aura')],
      [grandpa, utf8('gran')],
      [committee, utf8('comm')],
    ];
  } catch (error) {
    if (isTacitError(error)) return undefined;
    throw error;
  }
}

/** As polkadot-sdk names it. The state machine has no keys: nodes make them. */
export function sessionKeysApi(): Api {
  return {
    version: 1,
    docs: 'What a validator’s keys are made of.',
    methods: {
      generateSessionKeys: method({
        docs: 'Always an error: keys are made by the node, with author_rotateKeys.',
        inputs: { seed: option(bounded(bytes, 1024)) },
        output: bytes,
        run: () => {
          throw new TacitError(
            'runtime/no-keystore',
            'the runtime makes no keys: ask a validator for author_rotateKeys',
          );
        },
      }),
      decodeSessionKeys: method({
        docs: 'The public keys that encoded session keys hold, each with its type; none if they are malformed.',
        inputs: { encoded: bounded(bytes, 1024) },
        output: option(rawKeys),
        run: (_, { encoded }) => decoded(encoded),
      }),
    },
  };
}
