/**
 * Cast a ballot in an open round, with unmodified polkadot.js:
 *
 *     TACIT_PASSPHRASE=... npx tacit run client/examples/vote.ts ws://127.0.0.1:9944 ROUND WALLET-FILE 60,40
 *
 * A whole number for each option, adding up to the round's budget; options behind the last get nothing. The wallet's account has to be admitted by whoever made
 * the round. The ballot is never opened: only what all ballots together give each option becomes public.
 */
import type { ISubmittableResult } from '@polkadot/types/types';
import { buildSubmission } from '../../primitives/linear/submission.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import { connect } from '../sdk/connect.ts';
import { calls } from '../sdk/generated/chain.ts';
import { walletOf } from '../sdk/keys.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { readWalletFile } from '../sdk/node/keyfile.ts';
import { random } from '../sdk/ports.ts';
import { contextOf, finalizedState, readKeys, readRound } from '../sdk/round.ts';
import { extrinsicOf } from '../sdk/transact.ts';
import { orExplain } from './explain.ts';

await orExplain(
  'vote.ts NODE-URL ROUND WALLET-FILE WEIGHT,...',
  async (url: string, number: string, walletFile: string, weights: string) => {
    const round = Number(number);
    const { account } = walletOf(readWalletFile(walletFile, process.env.TACIT_PASSPHRASE ?? ''));

    await using chain = await connect(url, knownChain());
    const state = await finalizedState(chain); // every value read from it is proved
    const view = await readRound(state, round); // phase, lane, budget: what the round takes
    const { params, keys } = await readKeys(chain, state, view); // made by the committee; nobody holds the secret
    const spec = view.lanes.find(({ lane }) => lane === 'ballot');
    if (spec === undefined) throw new Error(`round ${round} takes no ballots`);
    const given = weights.split(',').map(Number);
    const values = Array.from({ length: Math.max(spec.values, given.length) }, (_, option) => given[option] ?? 0);
    const context = contextOf(chain.genesis, view);
    const ballot = { params, context, account: account.publicKey, random, keys, spec, values };
    const { sealed } = buildSubmission(ballot); // encrypt, prove that it is the budget, seal until the close
    const call = extrinsicOf(chain, calls.tally.submit({ round, lane: LANES.ballot, part: 0, sealed }));
    await new Promise<void>((done, fail) => {
      const watch = ({ dispatchError, status }: ISubmittableResult) => {
        if (dispatchError) fail(new Error(`the ballot was refused: ${dispatchError}`));
        else if (status.isInBlock || status.isFinalized) done();
      };
      call.signAndSend(account, watch).catch(fail);
    });
    console.log(`the ballot is in a block: ${values.join(' ')} of ${spec.total}, and nobody reads it but you`);
  },
);
