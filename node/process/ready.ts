import { z } from 'zod';

/** What a node tells the process that started it, once it serves. */
export const nodeReady = z.object({
  kind: z.literal('ready'),
  rpcPort: z.number().int(),
  metricsPort: z.number().int().optional(),
  /** Full multiaddresses, for `--bootnode` of others; those on loopback first. */
  addresses: z.array(z.string()),
});
export type NodeReady = z.infer<typeof nodeReady>;
