/** Blocks out of a data folder: the LevelDB of a node that is not running. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { decodeHeader } from '../base/header.ts';
import { BlockStore, type KeyValue, openLevel } from '../db/index.ts';
import type { BlockSource, StoredBlock } from './types.ts';

/** A node's database, and the specification kept with it. */
export interface FoundChain {
  readonly database: string;
  /** Path of the specification's copy, if there is one in the folder. */
  readonly specFile: string | undefined;
  /** The chain's id, by which the node's folder is called. */
  readonly id: string;
}

/** A data folder holds folders of chains; that of a local network holds one data folder for each validator. */
const DEPTH = 3;
const SPEC_FILE = 'chain.json';

function databasesIn(directory: string, depth: number): string[] {
  if (existsSync(join(directory, 'CURRENT'))) return [directory];
  if (depth === 0) return [];
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => databasesIn(join(directory, name), depth - 1));
}

/** The databases below a data folder. Throws `audit/no-data`. */
export function findChains(directory: string): FoundChain[] {
  const root = resolve(directory);
  if (!existsSync(root) || !statSync(root).isDirectory()) {
    throw new TacitError('audit/no-data', `--data: there is no folder ${root}`);
  }
  const found = databasesIn(root, DEPTH);
  if (found.length === 0) throw new TacitError('audit/no-data', `--data: no node keeps its data in ${root}`);
  return found.map((database) => ({ database, specFile: specAbove(database, root), id: basename(dirname(database)) }));
}

function specAbove(database: string, root: string): string | undefined {
  for (let at = database; at.startsWith(root); at = dirname(at)) {
    const file = join(at, SPEC_FILE);
    if (existsSync(file)) return file;
    if (at === root) return undefined;
  }
  return undefined;
}

/**
 * Opens the first of the databases that no node is using. Throws `audit/locked`, which says what to do, or what opening a damaged database throws.
 */
export async function openFolder(chains: readonly FoundChain[]): Promise<{ chain: FoundChain; source: BlockSource }> {
  for (const chain of chains) {
    try {
      return { chain, source: storeSource(await openLevel(chain.database)) };
    } catch (error) {
      if (!isTacitError(error, 'db/locked')) throw error;
    }
  }
  const folders = chains.map(({ database }) => database).join(', ');
  const what = 'a running node has the database open: stop it, or audit it by its RPC (--rpc ws://127.0.0.1:9944)';
  throw new TacitError('audit/locked', `${what}; tried ${folders}`);
}

/** Reads what a node stored; the caller decides what of it to believe. */
export function storeSource(kv: KeyValue): BlockSource {
  const store = new BlockStore(kv);
  return {
    finalized: async () => reading('the finalized head', () => store.finalized()),
    block: async (number) => reading(`block ${number}`, () => storedBlock(store, number)),
    stateNode(hash) {
      try {
        return store.nodes.get(hash);
      } catch {
        // A record that the database itself finds damaged is as good as none.
        return undefined;
      }
    },
    close: () => store.close(),
  };
}

function storedBlock(store: BlockStore, number: number): StoredBlock {
  const hash = store.canonical(number);
  if (hash === undefined) throw damaged(`no finalized block stands at height ${number}`);
  const header = store.header(hash);
  if (header === undefined) throw damaged(`block ${number}: the header ${hash} is missing`);
  const body = store.body(hash);
  if (body === undefined) throw needsArchive(number);
  return { hash, header: decodeHeader(header), body, justification: store.justification(hash) };
}

/** Whatever a record makes its reader throw, it is damaged. */
function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isTacitError(error) && (error.code.startsWith('audit/') || error.code === 'db/empty')) throw error;
    throw damaged(`${what} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What is stored cannot be a block. */
export function damaged(message: string): TacitError {
  return new TacitError('audit/damaged', message);
}

/** The bodies that the audit needs are gone, or were never whole. */
export function needsArchive(number: number): TacitError {
  const message = `block ${number} lacks part of its body (ordinary nodes drop large extrinsics after the audit window)`;
  return new TacitError('audit/needs-archive', `${message}: the audit needs an archive node`, { block: number });
}
