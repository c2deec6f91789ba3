// Compiles the crypto kernel; tools/prepare.mjs runs this when sources or compiler have changed.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '../../../tools/assembly.mjs';

await compile(dirname(fileURLToPath(import.meta.url)));
