/** Legacy methods that read much at once: with bounds, and told where a better one is. */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { slices } from '../../base/serial.ts';
import type { HexHash } from '../../base/types.ts';
import { type Backend, blockAt, stateAt } from '../backend.ts';
import { Budget } from '../budget.ts';
import { INVALID_BLOCK_RANGE, INVALID_COUNT, RpcError } from '../errors.ts';
import type { Method, Methods } from '../jsonrpc.ts';
import { bytesParam, hashParam, hexOf, listParam } from '../params.ts';

const MAX_KEY = 1024;
/** Keys that one answer holds, and reads that one question may cost. */
const MAX_KEYS = 4096;
const MAX_READS = 16_384;

const prefixParam = (value: unknown): Uint8Array => bytesParam(value, 'the prefix', MAX_KEY);
const tooMany = (): RpcError =>
  new RpcError(INVALID_COUNT, `more than ${MAX_KEYS} keys begin so; ask page by page, with state_getKeysPaged`);

export function stateHistoryMethods(backend: Backend): Methods {
  const { chain } = backend;
  const getKeys: Method = ([prefix, at]) => {
    const found: string[] = [];
    for (const key of stateAt(backend, at).keys(prefixParam(prefix))) {
      if (found.length >= MAX_KEYS) throw tooMany();
      found.push(hexOf(key));
    }
    return found;
  };
  const getPairs: Method = ([prefix, at]) => {
    const found: [string, string][] = [];
    const budget = new Budget();
    for (const [key, value] of stateAt(backend, at).entries(prefixParam(prefix))) {
      if (found.length >= MAX_KEYS) throw tooMany();
      found.push([hexOf(key), hexOf(budget.take(value))]);
    }
    return found;
  };

  /** The blocks from one to another, which follows it, in order. */
  const rangeOf = (from: HexHash, to: HexHash, most: number): HexHash[] => {
    const bad = (details: string): RpcError =>
      new RpcError(INVALID_BLOCK_RANGE, `Cannot resolve a block range ['${from}' ... '${to}']. ${details}`);
    const [first, last] = [chain.header(from), chain.header(to)];
    if (!first || !last) throw bad('one of the blocks is not known');
    const count = last.number - first.number + 1;
    if (count < 1) throw bad('it ends before it begins');
    if (count > most) throw bad(`it has ${count} blocks; for so many keys, at most ${most} are looked through`);
    const hashes = [to];
    while (hashes.length < count) hashes.push(hexOf(chain.header(hashes.at(-1)!)!.parentHash));
    if (hashes.at(-1) !== from) throw bad('the one does not descend from the other');
    return hashes.toReversed();
  };
  const queryStorage: Method = async ([list, from, to]) => {
    const keys = listParam(list, 'the keys', 1024, (key) => bytesParam(key, 'the key', MAX_KEY));
    const last = blockAt(backend, to).hash;
    const range = rangeOf(hashParam(from), last, Math.max(1, Math.floor(MAX_READS / Math.max(1, keys.length))));
    const before = new Map<Uint8Array, Uint8Array | undefined>();
    const [pause, budget] = [slices(5), new Budget()];
    const found: { block: string; changes: [string, string | null][] }[] = [];
    for (const [place, block] of range.entries()) {
      await pause();
      const state = chain.state(block);
      if (!state) throw new RpcError(INVALID_BLOCK_RANGE, `the state of ${block} is not kept`);
      const changes = keys.flatMap((key): [string, string | null][] => {
        const [was, is] = [before.get(key), state.get(key)];
        before.set(key, is);
        const same = was && is ? sameBytes(was, is) : was === is;
        return place > 0 && same ? [] : [[hexOf(key), is ? hexOf(budget.take(is)) : null]];
      });
      if (place === 0 || changes.length > 0) found.push({ block, changes });
    }
    return found;
  };
  return { state_getKeys: getKeys, state_getPairs: getPairs, state_queryStorage: queryStorage };
}
