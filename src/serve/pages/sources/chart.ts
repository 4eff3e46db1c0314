import { html } from 'hono/html';
import type { Markup } from '../frame/layout.ts';

/** Units of a bar's width and of the chart's height. */
const STEP = 3;
const HEIGHT = 24;

/** Shows entries a day as bars, oldest first, scaled to the busiest day, and the same in words.
 *  It uses presentation attributes only, which a Content-Security-Policy without unsafe-inline
 *  allows. */
export function showChart(days: readonly number[]): Markup {
  const most = Math.max(...days);
  const total = days.reduce((sum, count) => sum + count, 0);
  const words = `${total} ${total === 1 ? 'entry' : 'entries'} in ${days.length} days${total === 0 ? '' : `, at most ${most} a day`}`;
  // One path replaces sixty elements: a page may show a thousand sources.
  const path = days.map((count, index) => toBar(count, index, most)).join('');
  const width = days.length * STEP;
  return html`<p class="rhythm">
    <svg class="chart" aria-hidden="true" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}">
      <path d="M0 ${HEIGHT}h${width}v-1h-${width}z${path}" />
    </svg>
    ${words}
  </p>`;
}

function toBar(count: number, index: number, most: number): string {
  if (count === 0) return '';
  const height = Math.max(2, Math.round((count / most) * (HEIGHT - 1)));
  return `M${index * STEP} ${HEIGHT}v-${height}h${STEP - 1}v${height}z`;
}
