import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PAPER, toAccents } from '../../../../src/serve/pages/frame/accent.ts';

test.each([
  ['#0b5fae', '#0b5fae'],
  ['#00f', '#0000ff'],
  // This colour is too light for the light background and gets darker.
  ['#ffff00', '#757500'],
])('darkens %s on a light background to %s', (colour, light) => expect(toAccents(colour).light).toBe(light));

test('gives every colour enough contrast to both backgrounds (WCAG 2.2 §1.4.3)', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
      const { light, dark } = toAccents(`#${number.toString(16).padStart(6, '0')}`);
      expect(contrast(light, PAPER.light)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, PAPER.dark)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

/** Computes the formula of WCAG independently. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const linear = (at: number) => {
      const share = Number(`0x${colour.slice(at, at + 2)}`) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
  };
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
