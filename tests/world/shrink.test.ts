import { expect, test } from 'vitest';
import { toTest } from '../support/world/histories.ts';
import type { Step } from '../support/world/life.ts';
import { shrink } from '../support/world/shrink.ts';

/** Fails when a `retitle` of an item above the fifth comes after a `write`. */
async function tryLife(history: readonly Step[]): Promise<string | null> {
  const written = history.findIndex(([move]) => move === 'write');
  const isWrong = written >= 0 && history.slice(written).some(([move, , b]) => move === 'retitle' && b > 5);
  return isWrong ? `article ${history.length} is published twice` : null;
}

const noise = (count: number): Step[] => Array.from({ length: count }, (_, n): Step => ['run', n, n]);
const history: readonly Step[] = [...noise(17), ['write', 40, 41], ...noise(20), ['retitle', 77, 88], ...noise(9)];

test('a failing history is shrunk to the moves and numbers that it needs', async () => {
  const failure = { history, message: 'article 48 is published twice' };
  const shrunk = await shrink(failure, tryLife, () => false);
  expect(shrunk).toEqual({
    history: [
      ['write', 0, 0],
      ['retitle', 0, 8],
    ],
    message: 'article 2 is published twice',
  });
});

test('a history is never shrunk to one that fails in another way', async () => {
  const other = async (one: readonly Step[]) => (one.length === history.length ? 'a source was not asked' : tryLife(one));
  expect((await shrink({ history, message: 'a source was not asked' }, other, () => false)).history).toHaveLength(history.length);
});

test('shrinking stops when its time is over', async () => {
  let lives = 0;
  const counted = (one: readonly Step[]) => {
    lives++;
    return tryLife(one);
  };
  await shrink({ history, message: 'article 48 is published twice' }, counted, () => lives >= 3);
  expect(lives).toBe(3);
});

test('a failure is printed as the code of a test', () => {
  expect(toTest({ history: [['write', 0, 1]], message: 'it is gone\nand so is that' }, 'simulator: seed 3')).toBe(
    ['// it is gone', "test('simulator: seed 3', async () => {", '  await live([', "    ['write', 0, 1],", '  ]);', '});'].join('\n'),
  );
});
