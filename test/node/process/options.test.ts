import { Command } from 'commander';
import { expect } from 'chai';
import { addLocalCommands } from '../../../node/cli/commands/local.ts';
import { addNodeCommand } from '../../../node/cli/commands/node.ts';
import { type RpcFlags, rpcArguments, withRpcFlags } from '../../../node/process/options.ts';

/** What a user may write behind each flag of the RPC server. A flag that is new has no entry, and the first test says so. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  '--rpc-host': ['127.0.0.2', '::1', '0.0.0.0'],
  '--rpc-origins': ['all', 'none', 'https://a.example', 'https://a.example,subwallet,http://b.example:8080'],
};

const parsed = (words: readonly string[]): RpcFlags =>
  withRpcFlags(new Command('test').exitOverride()).parse(words, { from: 'user' }).opts();
const longOf = (command: Command): (string | undefined)[] => command.options.map(({ long }) => long);

describe('node/process: the flags of the RPC server', () => {
  it('have each its words here', () => {
    expect(longOf(withRpcFlags(new Command('test')))).to.deep.equal(Object.keys(WORDS));
  });

  it('mean to a validator of a local network what the user has written', () => {
    const cases = Object.entries(WORDS).flatMap(([flag, words]) => words.map((word) => [flag, word]));
    for (const written of [[], ...cases, Object.entries(WORDS).flatMap(([flag, words]) => [flag, words.at(-1)!])]) {
      const flags = parsed(written);
      expect(parsed(rpcArguments(flags)), written.join(' ')).to.deep.equal(flags);
    }
  });

  it('of which none is taken by a node alone: tacit local and tacit start take them all', () => {
    const program = new Command('tacit');
    addNodeCommand(program);
    addLocalCommands(program);
    const flagsOf = (name: string) =>
      longOf(program.commands.find((command) => command.name() === name)!).filter((long) => long?.startsWith('--rpc-'));
    // The port counts up from --base-port.
    const wanted = flagsOf('node').filter((long) => long !== '--rpc-port');
    expect(wanted).to.deep.equal(Object.keys(WORDS));
    for (const name of ['local', 'start']) expect(flagsOf(name)).to.deep.equal(wanted);
  });

  it('are passed on without the flags of the network itself', () => {
    const flags = { rpcHost: '::1', rpcOrigins: [], data: '.tacit', basePort: 1, validators: 4, once: true };
    expect(rpcArguments(flags)).to.deep.equal(['--rpc-host', '::1', '--rpc-origins', 'none']);
  });
});
