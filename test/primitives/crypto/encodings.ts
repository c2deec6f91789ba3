/** RFC 9496, appendix A.2: byte strings that are not canonical or not valid; then two that are too short. */
export const BAD_ENCODINGS: readonly string[] = [
  '0x00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0xf3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0x0100000000000000000000000000000000000000000000000000000000000000',
  '0x01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0xed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20',
  '0x26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371',
  '0x00',
  '0x',
];
