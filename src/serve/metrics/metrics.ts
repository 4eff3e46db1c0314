import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Histogram } from 'prom-client';
import type { SiteCounts } from '../../model/counts.ts';
import { VERSION } from '../../model/version.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { BOUNDS, createRequestMeter } from './request-meter.ts';
import type { RequestMeter } from './request-meter.ts';
import { createRunCounters } from './run-counters.ts';
import { createStateGauges } from './state-gauges.ts';

/** Selects runs to count: those after this number that began at or after an instant. */
export interface RunsAfter {
  readonly no: number;
  readonly since: Date;
}

/** Metrics of this process since it started. They outlive changes of the configuration. */
export interface Metrics {
  readonly meter: RequestMeter;
  /** Returns all metrics in the text format of Prometheus 0.0.4. `read` returns the counts of
   *  the store and is called at most once in FRESH_MS. When the store cannot be read, the other
   *  metrics stay. */
  readonly toText: (read: (runs: RunsAfter) => Promise<SiteCounts>, log: Log) => Promise<string>;
}

/** Media type of `toText`. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Milliseconds for which counts of the store are reused. */
const FRESH_MS = 10_000;

/** Creates the metrics of docs/operation.md#metrics. `ofProcess` adds the usual metrics of a
 *  Node process. */
export function createMetrics(clock: Clock, options: { readonly ofProcess: boolean }): Metrics {
  const registry = new Registry();
  if (options.ofProcess) collectDefaultMetrics({ register: registry });
  const meter = createRequestMeter();
  const requests = new Counter({
    name: 'newsfold_http_requests_total',
    help: 'Requests answered, by pattern of the route and status.',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  registerLatency(registry, meter);
  const build = new Gauge({ name: 'newsfold_build_info', help: 'Always 1.', labelNames: ['version'], registers: [registry] });
  build.set({ version: VERSION }, 1);
  const readable = new Gauge({
    name: 'newsfold_store_readable',
    help: '1 when the store could be read for these metrics.',
    registers: [registry],
  });
  const gauges = createStateGauges(registry);
  const counters = createRunCounters(registry);
  const startedAt = clock.now();
  let lastNo = 0;
  let readAt: Date | null = null;
  let reading: Promise<void> | null = null;

  async function readFigures(read: (runs: RunsAfter) => Promise<SiteCounts>, log: Log): Promise<void> {
    const now = clock.now();
    if (readAt !== null && now.getTime() - readAt.getTime() < FRESH_MS && now >= readAt) return;
    readAt = now;
    try {
      const figures = await read({ no: lastNo, since: startedAt });
      for (const run of figures.runs) counters.add(run);
      lastNo = figures.runs.at(-1)?.no ?? lastNo;
      gauges.set(figures);
      readable.set(1);
    } catch (error) {
      log.error({ err: error }, 'the store could not be read for its metrics');
      readable.set(0);
    }
  }

  return {
    meter,
    async toText(read, log) {
      // Two scrapes at once share one reading, so that no run is counted twice.
      reading ??= readFigures(read, log).finally(() => (reading = null));
      await reading;
      requests.reset();
      for (const { route, statuses } of meter.read())
        for (const [status, { n }] of statuses) requests.inc({ route, status: String(status) }, n);
      return registry.metrics();
    },
  };
}

/** Registers the histogram of latencies, which is built at each scrape. The histogram of
 *  prom-client builds a key from the labels at each request, which would cost as much as the
 *  rest of counting. */
function registerLatency(registry: Registry, meter: RequestMeter): void {
  const name = 'newsfold_http_request_duration_seconds';
  const get = async () => ({
    name,
    help: 'Time from the head of a request to the head of its answer, by pattern of the route.',
    type: 'histogram',
    aggregator: 'sum',
    values: meter.read().flatMap(({ route, buckets, seconds }) => {
      let sum = 0;
      const bounded = [...buckets].map((count, index) => {
        sum += count;
        return { metricName: `${name}_bucket`, labels: { le: BOUNDS[index] ?? '+Inf', route }, value: sum };
      });
      return [
        ...bounded,
        { metricName: `${name}_sum`, labels: { route }, value: seconds },
        { metricName: `${name}_count`, labels: { route }, value: sum },
      ];
    }),
  });
  // A registry reads nothing of a metric but its name and `get`.
  registry.registerMetric({ name, get } as unknown as Histogram);
}
