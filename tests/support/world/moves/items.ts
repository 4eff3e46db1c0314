import type { Item, Outlet } from '../world.ts';

/** Replaces fields of all items of a source. */
export function changeAll(outlet: Outlet, said: (item: Item, index: number) => Partial<Item>): void {
  outlet.items = outlet.items.map((item, index) => ({ ...item, ...said(item, index) }));
}

/** Exchanges a field between the item at a position, counted round the list, and the next one. */
export function exchange(outlet: Outlet, at: number, field: 'guid' | 'link' | 'title' | 'date'): void {
  const { items } = outlet;
  const [i, j] = [at % Math.max(1, items.length), (at + 1) % Math.max(1, items.length)];
  const [one, other] = [items[i], items[j]];
  if (!one || !other || i === j) return;
  items[i] = { ...one, [field]: other[field] };
  items[j] = { ...other, [field]: one[field] };
}
