/** Signatures of accounts, blocks and posts: sr25519 (§11.1, §14.10). Whoever signs draws random bytes, so that these were made once. */
import { concatBytes, fromLittleEndian, littleEndian, utf8 } from '../../../primitives/crypto/bytes.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { ORDER } from '../../../primitives/crypto/ristretto.ts';
import { sr25519FromSeed, sr25519Verify } from '../../../primitives/crypto/signature.ts';
import { postText } from '../../../primitives/round/index.ts';
import { type Case, flipped, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('signatures');
const { publicKey } = sr25519FromSeed(random(32));
const MESSAGES = [new Uint8Array(), utf8('a message'), random(200)] as const;
const [genesis, post] = [random(32), random(90)];
const MADE = [
  '0x36dda8698adb68989730d3b60731e46d76be4d6df0b06d0b84235b607777ae20be0796f162f25fff3ef00f7bee69aad8e79644218112867f7e2693b4e9d18e8c',
  '0x62f3bb8a2dcf1ca84eb2d34a8495e1fe08773bfe30419bbba17682fcbcb46c4631dd5105fa1df3377de1ad5d340e79298fad24e43abf4bf29b34ce2c710e4d83',
  '0x86348694c6110688cf65c2a7dc187245d2b3332d8e01549ab1a82c76a9f4df7932ec5701897d2e31333e1d58aa69e7a897d2562ebd31b09548c8eb7894e6e88f',
].map(fromHex);
const OF_POSTS = {
  21: fromHex(
    '0x54979c8496fda39ee3d377aef11608769ba057c2c87970465e4921150559f466ceb6458bebec148c39930c291e6249f127ccb9144319d763ce9bc9bc3c20748a',
  ),
  20: fromHex(
    '0xee97051cf26f42f830649a709df751a0d2ef2050ff305cde6d5205183173265600fb7b12ddd7378f4add1e05ded90d9a073b1dbe97e7b1fbbcc04838d444e38f',
  ),
} as const;

function signatureCase(name: string, signature: Uint8Array, message: Uint8Array, key = publicKey): Case {
  return good('sr25519', name, { key, message, signature }, sr25519Verify(signature, message, key));
}

/** The answer of a signature, without its mark, by another number; marked again. */
function answered(signature: Uint8Array, by: bigint): Uint8Array {
  const marked = signature.slice(32);
  marked[31]! &= 127;
  const answer = littleEndian(fromLittleEndian(marked) + by, 32);
  answer[31]! |= 128;
  return concatBytes(signature.slice(0, 32), answer);
}

function dishonest(): Case[] {
  const [, message] = MESSAGES;
  const [, signature] = MADE as [Uint8Array, Uint8Array];
  const kinds: Readonly<Record<string, Uint8Array>> = {
    'a bit of R': flipped(signature, 3),
    'a bit of s': flipped(signature, 40),
    'without the mark': signature.map((byte, i) => (i === 63 ? byte & 127 : byte)),
    's and the order': answered(signature, ORDER),
    's and one': answered(signature, 1n),
    'R is no point': signature.map((byte, i) => (i < 32 ? 255 : byte)),
    'a byte less': signature.slice(0, -1),
    'a byte more': concatBytes(signature, new Uint8Array(1)),
    nothing: new Uint8Array(),
  };
  const zero = new Uint8Array(32);
  const marked = concatBytes(new Uint8Array(63), Uint8Array.of(128));
  return [
    ...Object.entries(kinds).map(([name, one]) => signatureCase(name, one, message)),
    signatureCase('another message', signature, utf8('another message')),
    signatureCase('another key', signature, message, sr25519FromSeed(random(32)).publicKey),
    signatureCase('a key that is no point', signature, message, new Uint8Array(32).fill(255)),
    signatureCase('a key of 31 bytes', signature, message, publicKey.slice(1)),
    signatureCase('the identity as key, R and s zero', marked, message, zero),
  ];
}

function posts(): Case[] {
  const one = (name: string, pallet: number, signature: Uint8Array, own = genesis, text = post): Case =>
    good(
      'signedPost',
      name,
      { genesis: own, pallet, post: text, key: publicKey, signature },
      sr25519Verify(signature, postText(own, pallet, text), publicKey),
    );
  return [
    one('of the tally', 21, OF_POSTS[21]),
    one('of the committee', 20, OF_POSTS[20]),
    one('of the tally, shown to the committee', 20, OF_POSTS[21]),
    one('of another chain', 21, OF_POSTS[21], flipped(genesis, 0)),
    one('another post', 21, OF_POSTS[21], genesis, flipped(post, 7)),
  ];
}

export function signatureVectors(): Vectors {
  return {
    spec: ['§11.1', '§14.10'],
    cases: [
      ...MADE.map((signature, i) => signatureCase(`of ${MESSAGES[i]!.length} bytes`, signature, MESSAGES[i]!)),
      ...dishonest(),
      ...posts(),
    ],
  };
}
