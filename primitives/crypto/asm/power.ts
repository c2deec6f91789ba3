// The one long power that decoding and encoding take.
import { ELEMENT, mul, square } from './field';

// r = a^(2^n), n >= 1.
function squares(r: usize, a: usize, n: i32): void {
  square(r, a);
  for (let i = 1; i < n; i++) square(r, r);
}

// r = a^((p-5)/8) = a^(2^252 - 3); r is not a; scratch holds four elements.
export function power252(r: usize, a: usize, scratch: usize): void {
  const a11 = scratch;
  const x = scratch + ELEMENT;
  const y = scratch + 2 * ELEMENT;
  const z = scratch + 3 * ELEMENT;
  square(x, a);
  squares(y, x, 2);
  mul(y, y, a); // 9
  mul(a11, y, x); // 11
  square(x, a11); // 22
  mul(x, x, y); // 2^5 - 1
  squares(y, x, 5);
  mul(x, y, x); // 2^10 - 1
  squares(y, x, 10);
  mul(y, y, x); // 2^20 - 1
  squares(z, y, 20);
  mul(y, z, y); // 2^40 - 1
  squares(y, y, 10);
  mul(x, y, x); // 2^50 - 1
  squares(y, x, 50);
  mul(y, y, x); // 2^100 - 1
  squares(z, y, 100);
  mul(y, z, y); // 2^200 - 1
  squares(y, y, 50);
  mul(y, y, x); // 2^250 - 1
  squares(y, y, 2);
  mul(r, y, a);
}
