/** The standard colour of links and marks. */
export const ACCENT = '#0b5fae';

/** Background of both themes, the same as in style.ts. */
export const PAPER = { light: '#fdfdfc', dark: '#17181b' };

/** Text needs a contrast of 4.5 to its background (WCAG 2.2 §1.4.3). Light colours on a dark
 *  background look dimmer than the formula says. */
const CONTRAST = { light: 4.5, dark: 7 };

/** Returns a colour, darkened or lightened until it is readable on a light and on a dark
 *  background. It takes `#rgb` or `#rrggbb`. */
export function toAccents(colour: string): { readonly light: string; readonly dark: string } {
  const parts = parse(colour);
  return {
    light: adjust(parts, { paper: PAPER.light, goal: 0, contrast: CONTRAST.light }),
    dark: adjust(parts, { paper: PAPER.dark, goal: 255, contrast: CONTRAST.dark }),
  };
}

type Colour = readonly [red: number, green: number, blue: number];

/** Mixes the colour with black or white in steps until it is readable. */
function adjust(
  colour: Colour,
  { paper, goal, contrast }: { readonly paper: string; readonly goal: number; readonly contrast: number },
): string {
  for (let share = 0; share < 1; share += 0.02) {
    const mixed = colour.map((part) => Math.round(part + (goal - part) * share)) as unknown as Colour;
    if (contrastOf(mixed, parse(paper)) >= contrast) return write(mixed);
  }
  return write([goal, goal, goal]);
}

function parse(colour: string): Colour {
  const digits = colour.length === 4 ? colour.slice(1).replace(/./g, '$&$&') : colour.slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Colour;
}

function write(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Returns the contrast ratio of WCAG 2.2, 1 to 21. */
function contrastOf(a: Colour, b: Colour): number {
  const [light = 0, dark = 0] = [luminanceOf(a), luminanceOf(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Returns the relative luminance of WCAG 2.2, 0 to 1. */
function luminanceOf(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
