/**
 * Contribute a model update to an open round, with unmodified polkadot.js:
 *
 *     TACIT_PASSPHRASE=... npx tacit run client/examples/contribute.ts ws://127.0.0.1:9944 ROUND WALLET-FILE UPDATE-FILE
 *
 * WALLET-FILE is made by `tacit wallet new` and its account holds the round's stake; UPDATE-FILE holds little-endian float64 values.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { ISubmittableResult } from '@polkadot/types/types';
import { buildEnrolment } from '../../primitives/proofs/enrolment.ts';
import { buildSubmission } from '../../primitives/proofs/submission.ts';
import { readWalletFile } from '../sdk/keyfile.ts';
import { walletOf } from '../sdk/keys.ts';
import { quantise } from '../sdk/quantise.ts';
import { contextOf, readKeys, readRound } from '../sdk/round.ts';
import { orExplain } from './explain.ts';

await orExplain(
  'contribute.ts NODE-URL ROUND WALLET-FILE UPDATE-FILE',
  async (url: string, number: string, walletFile: string, updateFile: string) => {
    const round = Number(number);
    const { account, noteSeed } = walletOf(readWalletFile(walletFile, process.env.TACIT_PASSPHRASE ?? ''));
    const update = new Float64Array(Uint8Array.from(readFileSync(updateFile)).buffer);

    const api = await ApiPromise.create({
      provider: new WsProvider(url) as never,
      noInitWarn: true,
      throwOnConnect: true,
    });
    const state = await api.at(await api.rpc.chain.getFinalizedHead());
    const view = await readRound(state, round); // phase, lanes, norm: what the round accepts
    const { params, keys } = await readKeys(api.genesisHash, state, view); // made by the committee; nobody holds the secret
    const common = {
      params,
      context: contextOf(api.genesisHash, view),
      account: account.publicKey,
      random: (n: number) => new Uint8Array(randomBytes(n)),
    };
    const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`;

    const enrolment = buildEnrolment({ ...common, maskKeys: keys.maskKeys, walletSeed: noteSeed });
    const calls = [api.tx.royalty!.enrol!(round, hex(enrolment))];
    const lanes = view.lanes.filter(({ lane }) => lane === 'update');
    for (const [part, values] of quantise(update, lanes[0]!.normSq!).entries()) {
      const { sealed } = buildSubmission({ ...common, keys, spec: lanes[part]!, values }); // encrypt, prove, seal
      calls.push(api.tx.tally!.submit!(round, 0, part, hex(sealed)));
    }
    let nonce = (await api.rpc.system.accountNextIndex(account.address)).toNumber();
    for (const call of calls) {
      await new Promise<void>((done, fail) => {
        const watch = ({ dispatchError, status }: ISubmittableResult) => {
          if (dispatchError) fail(new Error(`${call.method.method} failed: ${dispatchError}`));
          else if (status.isInBlock || status.isFinalized) done(); // a block that is final at once is not announced twice
        };
        call.signAndSend(account, { nonce: nonce++ }, watch).catch(fail);
      });
      console.log(`${call.method.section}.${call.method.method} is in a block`);
    }
    await api.disconnect();
  },
);
