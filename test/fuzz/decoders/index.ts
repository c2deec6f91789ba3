/** Everything that is fuzzed. */
import type { Decoder } from '../attack.ts';
import { CHAIN } from './chain.ts';
import { NODE } from './node.ts';
import { PRIMITIVES } from './primitives.ts';
import { PROTOCOL } from './protocol.ts';
import { RPC } from './rpc.ts';
import { WALLET } from './wallet.ts';

export const DECODERS: readonly Decoder[] = [...PRIMITIVES, ...PROTOCOL, ...CHAIN, ...NODE, ...WALLET, ...RPC];
