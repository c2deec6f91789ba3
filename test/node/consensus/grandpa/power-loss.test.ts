/** A vote that has left is on the disk: also if the power fails in that moment, and whatever was not synced is gone. */
import { expect } from 'chai';
import { voterRecord } from '../../../../node/consensus/grandpa/formats.ts';
import { RECORD_KEY } from '../../../../node/consensus/grandpa/set.ts';
import { BlockStore } from '../../../../node/db/index.ts';
import { PowerLossStore } from '../../../support/power-loss.ts';
import { chainOf, Loner } from './loner.ts';

describe('node/consensus/grandpa: power loss', () => {
  it('every vote that has left is in the record that is on the disk at that moment', async () => {
    const disk = new PowerLossStore();
    const left: Promise<BlockStore>[] = [];
    // The disk is looked at when the vote leaves, and read afterwards.
    const onVote = (): void => void left.push(disk.afterPowerLoss().then((kv) => new BlockStore(kv)));
    const voter = new Loner(await chainOf('a', 'b'), new BlockStore(disk.kv).meta, undefined, onVote);
    await voter.untilRound(3n);
    await voter.service.stop();
    expect(voter.votes.length).to.be.greaterThan(4);
    for (const [at, store] of (await Promise.all(left)).entries()) {
      const bytes = store.meta.get(RECORD_KEY);
      const { round, message } = voter.votes[at]!;
      const cast = bytes === undefined ? [] : voterRecord.codec.dec(bytes).cast;
      expect(cast, `${message.kind} of round ${round}`).to.deep.include({ round, message });
    }
  });
});
