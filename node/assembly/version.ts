export const NODE_NAME = 'tacit-node';
export const NODE_VERSION = '0.1.0';
