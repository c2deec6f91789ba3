/** What the tally's proofs and submissions are read from, and proofs of finality. */
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { checkProof, decodeJustification } from '../../../primitives/grandpa/index.ts';
import { justificationCodec } from '../../../primitives/grandpa/formats.ts';
import { voterSetOf } from '../../../primitives/grandpa/justification.ts';
import { openSealed } from '../../../primitives/linear/member.ts';
import { decodePayload, encodePayload, partsOf } from '../../../primitives/linear/payload.ts';
import {
  type DesignatedStatement,
  designatedNonces,
  openVerifierKey,
  proveDesignated,
  verifierKey,
  verifyDesignated,
} from '../../../primitives/proofs/designated.ts';
import { openEnrolmentSeeds, parseEnrolment, splitEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { decodeHiddenBin, encodeHiddenBin, openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { verifyHiddenClaimTasks } from '../../../primitives/proofs/hidden-task.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { decodePlaceProof, encodePlaceProof, placeProofBytes } from '../../../primitives/proofs/one-of-many.ts';
import { decodeRangeProof, encodeRangeProof } from '../../../primitives/proofs/range-proof.ts';
import { encodeSealed, parseSealed } from '../../../primitives/proofs/sealed.ts';
import { openPayload, openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import { packTasks, unpackTasks } from '../../../node/workers/tasks.ts';
import { Committee } from '../../vectors/make/committee.ts';
import { randomOf } from '../../vectors/make/cases.ts';
import { strangers } from '../../vectors/make/notes.ts';
import type { Decoder } from '../attack.ts';
import { givenBytes, vectors } from '../seeds.ts';

const PROOFS = 'primitives/proofs';
const params = fheParams('tacit-test-256-n4');
const committee = new Committee(params.id);

const LANE: LaneSpec = { lane: 'counts', part: 0, values: 3, digits: 4, offset: 0 };
const own = vectors('submissions', 'submission').filter(({ given }) => {
  return (given['lane'] as { lane: string }).lane === LANE.lane;
});
const sealed = (): Uint8Array[] => own.slice(0, 1).map(({ given }) => fromHex(String(given['sealed'])));
const account = fromHex(String(own[0]?.given['account']));
const binding = { context: committee.context, spec: LANE, account };
const keys = {
  publicKey: committee.publicKey(),
  further: [],
  sealKeys: committee.publicKeys('seal'),
  maskKeys: committee.publicKeys('mask'),
};

const submissions: readonly Decoder[] = [
  {
    name: 'sealed submission',
    covers: [`${PROOFS}/sealed.ts#parseSealed`],
    seeds: sealed,
    read: (bytes) => encodeSealed(LANE, parseSealed(params, LANE, bytes)),
  },
  {
    name: 'opened submission',
    covers: [
      `${PROOFS}/unseal.ts#openPayload`,
      `${PROOFS}/unseal.ts#openSeedBoxes`,
      `${PROOFS}/unseal.ts#openKeyBoxes`,
      'primitives/linear/member.ts#openSealed',
    ],
    seeds: sealed,
    share: 0.01,
    read: (bytes) => {
      openSealed(params, binding, keys, bytes, committee.secrets('seal'));
      openSeedBoxes(params, binding, bytes, new Map(committee.secrets('mask').entries()));
      return undefined;
    },
  },
  {
    name: 'payload',
    covers: ['primitives/linear/payload.ts#decodePayload', 'primitives/linear/payload.ts#partsOf'],
    seeds: () =>
      sealed().map((bytes) => {
        const opened = openPayload(params, binding, keys, bytes, committee.secrets('seal'));
        if (opened.status !== 'open') throw new Error('a vector does not open');
        return opened.bytes;
      }),
    read: (bytes) => {
      const decoded = decodePayload(params, LANE, bytes);
      partsOf(params, LANE, bytes);
      return encodePayload(params, LANE, decoded);
    },
  },
  {
    name: 'enrolment',
    covers: ['parseEnrolment', 'splitEnrolment', 'openEnrolmentSeeds'].map((name) => `${PROOFS}/enrolment.ts#${name}`),
    seeds: () => givenBytes('enrolment', 'enrolment', 'data'),
    share: 0.3,
    read: (bytes) => {
      splitEnrolment(params, bytes);
      const enrolment = parseEnrolment(params, bytes);
      openEnrolmentSeeds(binding, enrolment, new Map([[0, 5n]]));
      return undefined;
    },
  },
];

const DIGITS = 3;
const claims = () => vectors('claims', 'claim').filter(({ given }) => String(given['proof']).length < 2 * 1500);
const proofs = (): Uint8Array[] => claims().map(({ given }) => fromHex(String(given['proof'])));
const ranged = vectors('claims', 'range')[0]?.given['ranged'] as { bits: number; unit: string; commitment: string }[];
const range = {
  context: new Uint8Array(64),
  ranged: ranged.map(({ bits, unit, commitment }) => ({ bits, unit: BigInt(unit), commitment: fromHex(commitment) })),
};

const [ownBin, ownProof] = [givenBytes('notes', 'hiddenBin')[0]!, proofs()[0]!];

const notes: readonly Decoder[] = [
  {
    name: 'bin',
    covers: [`${PROOFS}/hidden-bin.ts#decodeHiddenBin`],
    seeds: () => givenBytes('notes', 'hiddenBin'),
    read: (bytes) => {
      const bin = decodeHiddenBin(bytes);
      if (bin.notes.length < 8) openHiddenBin(bin);
      return encodeHiddenBin(bin);
    },
  },
  {
    name: 'proof of a place',
    covers: [`${PROOFS}/one-of-many.ts#decodePlaceProof`],
    seeds: () => proofs().map((bytes) => bytes.slice(0, placeProofBytes(DIGITS))),
    read: (bytes) => encodePlaceProof(decodePlaceProof(DIGITS, bytes)),
  },
  {
    name: 'range proof',
    covers: [`${PROOFS}/range-proof.ts#decodeRangeProof`],
    seeds: () =>
      vectors('claims', 'range')
        .slice(0, 1)
        .map(({ given }) => fromHex(String(given['proof']))),
    read: (bytes) => encodeRangeProof(decodeRangeProof(range, bytes)),
  },
  {
    name: 'claim',
    covers: [`${PROOFS}/hidden-task.ts#decodeTerms`],
    seeds: () => [Uint8Array.from([0, ...new Uint8Array(112)]), Uint8Array.from([1, ...new Uint8Array(1376)])],
    share: 0.01,
    read: (bytes) => {
      const [terms, proof] = bytes[0] === 0 ? [bytes.slice(1), ownProof] : [new Uint8Array(112), bytes.slice(1)];
      verifyHiddenClaimTasks([[ownBin, terms, proof]]);
      return undefined;
    },
  },
  {
    name: 'tasks of a thread',
    covers: ['node/workers/tasks.ts#unpackTasks'],
    seeds: () => [packTasks([{ kind: 'schnorr', parts: [new Uint8Array(32), new Uint8Array(3)] }]), new Uint8Array()],
    read: (bytes) => packTasks(unpackTasks(bytes)),
  },
];

const random = randomOf('fuzz');
const statement: DesignatedStatement = {
  verifier: verifierKey(7n, random(32)).slice(0, 32),
  message: hash32Of('tacit/fuzz/1'),
  notes: strangers(2, random),
};
const secrets = [1n, 2n].map((key) => ({ key, blinding: key }));

const statements: readonly Decoder[] = [
  {
    name: 'key of a verifier',
    covers: [`${PROOFS}/designated.ts#openVerifierKey`],
    seeds: () => [verifierKey(7n, new Uint8Array(32))],
    share: 0.1,
    read: (bytes) => concatBytes(openVerifierKey(bytes), bytes.subarray(32)),
  },
  {
    name: 'proof for one verifier',
    covers: [`${PROOFS}/designated.ts#verifyDesignated`],
    seeds: () => [proveDesignated(statement, secrets, designatedNonces(statement, [1n], random))],
    share: 0.05,
    read: (bytes) => (verifyDesignated(statement, bytes) ? bytes : undefined),
  },
];

const named = vectors('finality', 'justification')[0]!.given['authorities'] as { id: string; weight: string }[];
const voters = voterSetOf(named.map(({ id, weight }) => ({ id: fromHex(id), weight: BigInt(weight) })));

const finality: readonly Decoder[] = [
  {
    name: 'justification',
    covers: ['primitives/grandpa/justification.ts#decodeJustification'],
    seeds: () => givenBytes('finality', 'justification', 'data'),
    read: (bytes) => {
      const decoded = decodeJustification(bytes);
      try {
        checkProof(decoded, voters, 7n);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error;
      }
      return justificationCodec.codec.enc(decoded);
    },
  },
];

export const PROTOCOL: readonly Decoder[] = [...submissions, ...notes, ...statements, ...finality];
