/** Pictures of the studies, as SVG. Lengths in pixels. */

export const INK = '#222222';
const FAINT = '#d5d5d5';
export const COLOURS: readonly string[] = [
  '#1b6ca8',
  '#c0392b',
  '#2e8b57',
  '#8e44ad',
  '#b8860b',
  '#444444',
  '#d35400',
  '#c2185b',
];

/** Of an element; numbers are rounded to tenths. */
type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, content = ''): string {
  const given = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? Math.round(value * 10) / 10 : value}"`,
  );
  return `<${name}${given.join('')}>${content}</${name}>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

export function text(x: number, y: number, content: string, more: Attributes = {}): string {
  return element('text', { x, y, fill: INK, 'font-size': 12, ...more }, escaped(content));
}

export const line = (x1: number, y1: number, x2: number, y2: number, more: Attributes = {}): string =>
  element('line', { x1, y1, x2, y2, stroke: FAINT, 'stroke-width': 1, ...more });

/** A whole picture on a white ground. @param title for who cannot see it */
export function picture(width: number, height: number, title: string, content: readonly string[]): string {
  const frame = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    'font-family': 'sans-serif',
    role: 'img',
  };
  const ground = element('rect', { x: 0, y: 0, width, height, fill: '#ffffff' });
  return `${element('svg', frame, ['', element('title', {}, escaped(title)), ground, ...content, ''].join('\n'))}\n`;
}
