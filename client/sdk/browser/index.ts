/** A page's own ways of what client/sdk/ports.ts names: web workers for proofs, texts in its storage. */
import { type Ports, random } from '../ports.ts';
import { buildInWorker, buildInWorkerAt } from './build.ts';
import { files } from './files.ts';
import { proveInWorker, proveInWorkerAt } from './prove.ts';

export { updateOfBlob } from './update-file.ts';
export { buildInWorker, buildInWorkerAt, files, proveInWorker, proveInWorkerAt };

export const browserPorts: Ports = { random, build: buildInWorker, prove: proveInWorker, files };
