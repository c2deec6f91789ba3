/** Node's own ways of what client/sdk/ports.ts names: a worker thread for proofs, private files on a disk. */
import { type Ports, random } from '../ports.ts';
import { files } from './files.ts';
import { buildInThread } from './build.ts';

export { readWalletFile, writeWalletFile } from './keyfile.ts';
export { buildInThread, files };

export const nodePorts: Ports = { random, build: buildInThread, files };
