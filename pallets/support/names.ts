/** Names are camelCase in the sources; metadata and runtime APIs show them as Substrate clients expect. */

/** `transferKeepAlive` -> `transfer_keep_alive`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** `nextWorkId` -> `NextWorkId`. */
export function pascalCase(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** `TransactionPayment` -> `transactionPayment`. */
export function camelCase(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
