/** The records of nodes with a fault, as they are read again. */
import type { BlockRef } from '../../primitives/grandpa/index.ts';
import { voterRecord } from '../../node/consensus/grandpa/formats.ts';
import type { VoterRecord } from '../../node/consensus/grandpa/types.ts';
import type { Fault } from './faults.ts';

/** The base of the round before, if it is higher than our own: then it was told. */
export function toldBase({ completed, running }: VoterRecord): BlockRef {
  const base = completed?.votes.base;
  return base !== undefined && base.number > running.base.number ? base : running.base;
}

/** A record as a node with a fault reads it. */
export function bent(bytes: Uint8Array, fault: Fault | undefined): Uint8Array {
  const record = voterRecord.codec.dec(bytes);
  const { running } = record;
  switch (fault) {
    case 'forgets-rounds': {
      const none = { ...running, round: 1n, prevotes: [], precommits: [], ancestry: [] };
      return voterRecord.codec.enc({ ...record, completed: undefined, running: none });
    }
    case 'votes-again':
      return voterRecord.codec.enc({ ...record, cast: [] });
    case 'believes-bases':
      return voterRecord.codec.enc({ ...record, running: { ...running, base: toldBase(record) } });
    default:
      return bytes;
  }
}
