/** A page's own ways of what client/sdk/ports.ts names: a web worker for proofs, texts in its storage. */
import { type Ports, random } from '../ports.ts';
import { buildInWorker, buildInWorkerAt } from './build.ts';
import { files } from './files.ts';

export { buildInWorker, buildInWorkerAt, files };

export const browserPorts: Ports = { random, build: buildInWorker, files };
