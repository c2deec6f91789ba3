/**
 * The commands for people: `tacit wallet new|show|scan|claim`, `tacit contribute`, `tacit demo`. Run `--help` for the flags.
 *
 * A wallet file is a seed under a passphrase (client/sdk/keyfile.ts); the passphrase is asked for, or taken from TACIT_PASSPHRASE.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { fromAddress, toAddress } from '../../primitives/crypto/ss58.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { table, tac } from '../demo/report.ts';
import { claim, claimFee, type OwnNote, scan } from '../sdk/claim.ts';
import { connect } from '../sdk/connect.ts';
import { contribute, enrol } from '../sdk/contribute.ts';
import { readWalletFile, writeWalletFile } from '../sdk/keyfile.ts';
import { type Wallet, walletOf } from '../sdk/keys.ts';
import { quantise } from '../sdk/quantise.ts';
import { finalizedState, itemOf, readRound } from '../sdk/round.ts';
import { askPassphrase } from './passphrase.ts';

const DEFAULT_RPC = 'ws://127.0.0.1:9944';
/** Bytes of the largest update file: 8192 values as 64-bit floats. */
const MAX_UPDATE_BYTES = 8 * 8192;

interface OnChain {
  readonly rpc: string;
  readonly wallet: string;
}

async function openWallet(path: string): Promise<Wallet> {
  return walletOf(readWalletFile(path, await askPassphrase(`Passphrase of ${path}`)));
}

async function newWallet(path: string): Promise<void> {
  const passphrase = await askPassphrase('Passphrase for the new wallet');
  if (process.env.TACIT_PASSPHRASE === undefined && (await askPassphrase('Once more')) !== passphrase) {
    throw new TacitError('cli/passphrases-differ', 'the two passphrases differ');
  }
  const seed = new Uint8Array(randomBytes(32));
  writeWalletFile(path, seed, passphrase);
  console.log(walletOf(seed).account.address);
}

async function scanNotes({ rpc, wallet: path }: OnChain): Promise<void> {
  const wallet = await openWallet(path);
  await using chain = await connect(rpc);
  const notes = await scan(chain, wallet);
  if (notes.length === 0) return console.log('no notes');
  const rows = notes.map((note) => [
    `${note.round}`,
    tac(note.amount),
    tac(note.stake),
    `${note.score ?? '-'}`,
    note.spent ? 'claimed' : 'unclaimed',
  ]);
  console.log(table(['round', 'amount TAC', 'of it stake', 'score', 'state'], rows));
}

async function claimNotes({ rpc, wallet: path, round, to }: OnChain & { round?: string; to?: string }): Promise<void> {
  const wallet = await openWallet(path);
  await using chain = await connect(rpc);
  const wanted = (note: OwnNote): boolean =>
    !note.spent && (round === undefined || note.round === wholeNumber('--round', round));
  const notes = (await scan(chain, wallet)).filter(wanted);
  if (notes.length === 0) return console.log('nothing to claim');
  if (to !== undefined && notes.length > 1)
    throw new TacitError('cli/linkable', 'several claims to one account would link them: name a --round');
  console.log('A claim shows its whole amount; whose note it was stays hidden among the notes of its bin.');
  for (const note of notes) {
    const destination = to === undefined ? wallet.freshAccount(chain.genesis, note.round).publicKey : fromAddress(to);
    await claim(chain, note, destination);
    console.log(`round ${note.round}: ${tac(note.amount - claimFee(chain))} TAC to ${toAddress(destination)}`);
  }
}

async function contributeUpdate({
  rpc,
  wallet: path,
  round: number,
  update,
}: OnChain & { round: string; update: string }): Promise<void> {
  const round = wholeNumber('--round', number);
  const values = readUpdate(update);
  const wallet = await openWallet(path);
  await using chain = await connect(rpc);
  const state = await finalizedState(chain);
  const { lanes } = await readRound(state, round);
  const normSq = lanes.find(({ lane }) => lane === 'update')?.normSq;
  if (normSq === undefined) throw new TacitError('cli/no-update-lane', `round ${round} takes no updates`);
  const parts = quantise(values, normSq);
  if ((await itemOf(state, round, wallet.account.publicKey)) === undefined) await enrol(chain, wallet, round);
  const { bytes, buildMs } = await contribute(chain, wallet, round, parts);
  console.log(`${parts.length} parts, ${bytes} bytes, ${Math.round(buildMs)} ms to encrypt and prove`);
}

/** A model update: little-endian float64 values, nothing else. */
function readUpdate(path: string): Float64Array {
  let file: Uint8Array;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new TacitError('cli/no-update', `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (file.length === 0 || file.length % 8 !== 0 || file.length > MAX_UPDATE_BYTES) {
    throw new TacitError(
      'cli/bad-update',
      `${path} must hold 1 to ${MAX_UPDATE_BYTES / 8} little-endian float64 values`,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Float64Array.from({ length: file.length / 8 }, (_, j) => view.getFloat64(8 * j, true));
}

function wholeNumber(flag: string, text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new TacitError('cli/bad-flag', `${flag} takes a whole number`);
  return Number(text);
}

/** The demo is a program of its own; its flags pass through. */
async function demo(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [new URL('../demo/main.ts', import.meta.url).pathname, ...args], {
    stdio: 'inherit',
  });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

export function program(): Command {
  const tacit = new Command('tacit').description('Tacit for people: wallets, contributions, the demo').exitOverride();
  const onChain = (command: Command): Command =>
    command.option('--rpc <url>', 'node to talk to', DEFAULT_RPC).requiredOption('--wallet <file>', 'wallet file');

  const wallet = tacit.command('wallet').description('make, look at and use a wallet');
  wallet
    .command('new')
    .description('write a new wallet file and print its account')
    .requiredOption('--wallet <file>', 'file to write')
    .action(({ wallet: path }) => newWallet(path));
  wallet
    .command('show')
    .description("print the wallet's account")
    .requiredOption('--wallet <file>', 'wallet file')
    .action(async ({ wallet: path }) => console.log((await openWallet(path)).account.address));
  onChain(wallet.command('scan').description("list the wallet's notes; only it can read their amounts")).action(
    scanNotes,
  );
  onChain(
    wallet
      .command('claim')
      .description('claim notes to fresh accounts; a claim shows its whole amount, not whose it is'),
  )
    .option('--round <number>', 'only the note of this round')
    .option('--to <address>', 'pay to this account instead of a fresh one of the wallet')
    .action(claimNotes);

  onChain(tacit.command('contribute').description('enrol in a round and submit a model update'))
    .requiredOption('--round <number>', 'the round')
    .requiredOption('--update <file>', 'the update: little-endian float64 values')
    .action(contributeUpdate);
  tacit
    .command('demo')
    .description('run a royalty round with eight parties on MNIST; --help shows its flags')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_options, command: Command) => demo(command.args));
  return tacit;
}

if (import.meta.main) {
  try {
    await program().parseAsync();
  } catch (error) {
    // as in the node's commands: 0 for help that was asked for, 2 for wrong flags
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      console.error(isTacitError(error) ? `${error.message} (${error.code})` : error);
      process.exitCode = 1;
    }
  }
}
