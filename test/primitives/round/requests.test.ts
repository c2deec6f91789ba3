import { expect } from 'chai';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { checkRequest, floodedShare, requestHash, slotCount } from '../../../primitives/fhe/open.ts';
import { fheParamsFor, subsetsWith } from '../../../primitives/fhe/params.ts';
import { residueBytes } from '../../../primitives/fhe/wire.ts';
import {
  aggregateRequest,
  aggregateRequests,
  aggregateSlots,
  isLastRequest,
  MAX_SHARE_BYTES,
  MAX_SUMMED_VALUES,
  MAX_UPDATE_PARTS,
  PARTS_AT_ONCE,
  partsOfRequest,
  postsBytes,
} from '../../../primitives/round/index.ts';

const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const full = (parts: number) => ({ parts: Array.from({ length: parts }, () => MAX_SUMMED_VALUES), maxItems: 16 });
const context = { genesis: hash(1), term: 1, round: 1, paramsId: 'tacit-8192-n4' };
const counted = { accepted: 16, countsNorm: 9n };

describe('the requests for U', () => {
  it('open every part once, four in each, and the points of all counts in the last', () => {
    for (const count of [1, 4, 5, 8, 63, MAX_UPDATE_PARTS]) {
      const rule = full(count);
      const numbers = Array.from({ length: aggregateRequests(rule) }, (_, number) => number);
      const parts = numbers.map((number) => partsOfRequest(rule, number));
      expect(parts.flat()).to.deep.equal([...rule.parts.keys()]);
      expect(parts.every(({ length }) => length >= 1 && length <= PARTS_AT_ONCE)).to.equal(true);
      expect(numbers.filter((number) => isLastRequest(rule, number))).to.deep.equal([numbers.length - 1]);
      // Ciphertexts that are equal in all of them: what makes their floods different is the number.
      const requests = numbers.map((number) => {
        const sources = Array.from({ length: partsOfRequest(rule, number).length + 1 }, () => hash(7));
        return aggregateRequest(context, rule, number, counted, sources);
      });
      expect(new Set(requests.map((request) => toHex(requestHash(request)))).size).to.equal(numbers.length);
      const counts = requests.map(({ slots }) => slots.filter(({ weightNorm }) => weightNorm === 9n).length);
      expect(counts).to.deep.equal(numbers.map((number) => (number === numbers.length - 1 ? 1 : 0)));
    }
  });

  it('of full parts are within what is opened at once, and what a post carries [four full parts were admitted and could not be opened]', () => {
    const rule = full(PARTS_AT_ONCE);
    for (const n of [4, 7, 10]) {
      const params = fheParamsFor(n);
      const sources = Array.from({ length: PARTS_AT_ONCE + 1 }, (_, i) => hash(i));
      const request = aggregateRequest({ ...context, paramsId: params.id }, rule, 0, counted, sources);
      const { slots } = request;
      expect(slotCount(request)).to.equal(aggregateSlots(rule, 0) + 1);
      expect(() => checkRequest(params, request)).not.to.throw();
      const more = { ...request, slots: [...slots, { ...slots[0]!, count: 1 }] };
      expect(() => checkRequest(params, more)).to.throw('not too many');
      expect(residueBytes(params.dataPrimes, slotCount(request))).to.be.at.most(MAX_SHARE_BYTES);
      if (n > 4) continue;
      const keys = new Map(subsetsWith(params, 0).map((subset) => [subset, hash(subset)]));
      const functionals = slots.map(({ count }) => new BigUint64Array(params.dataPrimes.length * count));
      expect(() => floodedShare(params, request, 0, keys, functionals)).not.to.throw();
    }
  });

  it('are all paid for by the owner', () => {
    const params = fheParamsFor(4);
    const ofShares = (parts: number): number => postsBytes(params, full(parts)) - postsBytes(params, full(0));
    const one = params.n * residueBytes(params.dataPrimes, aggregateSlots(full(PARTS_AT_ONCE), 0));
    expect(ofShares(PARTS_AT_ONCE)).to.equal(one);
    expect(ofShares(MAX_UPDATE_PARTS)).to.be.at.least((MAX_UPDATE_PARTS / PARTS_AT_ONCE) * one);
    expect(ofShares(MAX_UPDATE_PARTS)).to.be.at.most((MAX_UPDATE_PARTS / PARTS_AT_ONCE) * (one + params.n * 512));
  });
});
