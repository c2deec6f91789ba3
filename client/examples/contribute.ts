/**
 * Contribute a model update to an open round, with unmodified polkadot.js:
 *
 *     TACIT_PASSPHRASE=... npx tacit run client/examples/contribute.ts ws://127.0.0.1:9944 ROUND WALLET-FILE UPDATE-FILE
 *
 * WALLET-FILE is made by `tacit wallet new` and its account holds the round's stake; UPDATE-FILE holds little-endian float64 values. The chain to trust is that
 * of `tacit start` in this folder, or the specification that TACIT_CHAIN names: the node has to prove what is encrypted to.
 */
import { readFileSync } from 'node:fs';
import type { ISubmittableResult } from '@polkadot/types/types';
import { buildEnrolment } from '../../primitives/proofs/enrolment.ts';
import { buildSubmission } from '../../primitives/linear/submission.ts';
import { calls } from '../sdk/generated/chain.ts';
import { connect } from '../sdk/connect.ts';
import { walletOf } from '../sdk/keys.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { readWalletFile } from '../sdk/node/keyfile.ts';
import { random } from '../sdk/ports.ts';
import { quantise } from '../sdk/quantise.ts';
import { contextOf, finalizedState, readKeys, readRound } from '../sdk/round.ts';
import { extrinsicOf } from '../sdk/transact.ts';
import { orExplain } from './explain.ts';

await orExplain(
  'contribute.ts NODE-URL ROUND WALLET-FILE UPDATE-FILE',
  async (url: string, number: string, walletFile: string, updateFile: string) => {
    const round = Number(number);
    const passphrase = process.env.TACIT_PASSPHRASE;
    if (passphrase === undefined) throw new Error('TACIT_PASSPHRASE is not set: the wallet file is locked under it');
    const { account, noteSeed } = walletOf(readWalletFile(walletFile, passphrase));
    const bytes = Uint8Array.from(readFileSync(updateFile));
    if (bytes.length % 8 > 0)
      throw new Error(`${updateFile} is no update: its ${bytes.length} bytes are not whole numbers of 8 bytes`);
    const update = new Float64Array(bytes.buffer);

    await using chain = await connect(url, knownChain());
    const state = await finalizedState(chain); // every value read from it is proved
    const view = await readRound(state, round); // phase, lanes, norm: what the round accepts
    const { params, keys } = await readKeys(chain, state, view); // made by the committee; nobody holds the secret
    const common = { params, context: contextOf(chain.genesis, view), account: account.publicKey, random };

    const enrolment = buildEnrolment({ ...common, maskKeys: keys.maskKeys, walletSeed: noteSeed });
    const todo = [calls.royalty.enrol({ round, enrolment })];
    const lanes = view.lanes.filter(({ lane }) => lane === 'update');
    for (const [part, values] of quantise(update, lanes[0]!.normSq!).entries()) {
      const { sealed } = buildSubmission({ ...common, keys, spec: lanes[part]!, values }); // encrypt, prove, seal
      todo.push(calls.tally.submit({ round, lane: 0, part, sealed }));
    }
    let nonce = (await chain.api.rpc.system.accountNextIndex(account.address)).toNumber();
    for (const call of todo.map((one) => extrinsicOf(chain, one))) {
      await new Promise<void>((done, fail) => {
        const watch = ({ dispatchError, status }: ISubmittableResult) => {
          if (dispatchError) fail(new Error(`${call.method.method} failed: ${dispatchError}`));
          else if (status.isInBlock || status.isFinalized) done(); // a block that is final at once is not announced twice
        };
        call.signAndSend(account, { nonce: nonce++ }, watch).catch(fail);
      });
      console.log(`${call.method.section}.${call.method.method} is in a block`);
    }
  },
);
