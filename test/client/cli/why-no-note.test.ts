import { expect } from 'chai';
import { whyNoNote } from '../../../client/cli/actions/why-no-note.ts';
import type { Scan } from '../../../client/sdk/notes/index.ts';

/** What is said of round 2, of three rounds that a wallet without notes has read. */
function said(failure?: string): string {
  const failed = failure === undefined ? [] : [{ round: 2, failure }];
  const scan = { cursor: { rounds: 3 }, unsettled: [], failed, notes: [], problems: [] } as unknown as Scan;
  try {
    return whyNoNote(scan, 2);
  } catch (error) {
    return (error as Error).message;
  }
}

describe('client/cli: a round in which there is nothing to claim', () => {
  it('may have been contributed to, with a part missing', () => {
    expect(said()).to.include('a part of its update was missing');
  });

  it('gave back all stakes if others were at fault, and less to who left out a part if contributors were', () => {
    expect(said('Silent')).to.match(/failed: Silent; its stakes went back$/);
    for (const failure of ['TooFew', 'TooFewAccepted'])
      expect(said(failure)).to.include('less a quarter where a part of an update was missing');
  });
});
