/** Node's own ways of what client/sdk/ports.ts names: worker threads for proofs, private files on a disk. */
import { type Ports, random } from '../ports.ts';
import { buildInThread } from './build.ts';
import { files } from './files.ts';
import { proveInThread } from './prove.ts';

export { openUpdate, type UpdateFile } from './update-file.ts';
export { readWalletFile, writeWalletFile } from './keyfile.ts';
export { buildInThread, files, proveInThread };

export const nodePorts: Ports = { random, build: buildInThread, prove: proveInThread, files };
