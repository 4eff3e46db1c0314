import { expect, test } from 'vitest';
import { identifyItems } from '../../../src/normalise/identity/identity.ts';
import { nameItems } from '../../../src/normalise/identity/naming.ts';
import { makeItem } from '../../support/item.ts';

test('an item whose names all have entries is the entry of its content, never that of another article', () => {
  const { items } = identifyItems({ items: [makeItem({ guid: 'x', url: 'https://a.blog/1', title: 'One' })] });
  const taken = new Set(items.flatMap(({ identity, otherNames }) => [identity, ...otherNames]));
  const named = nameItems(items, { matches: [null], isConfused: true, isDoubtful: true }, taken);
  expect(named.items.map(({ identity }) => identity)).toEqual([`sha256:${items[0]?.contentHash}`]);
});
