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

/** Which runs are to be told: those after this number that began at or after an instant. */
export interface RunsAfter {
  readonly no: number;
  readonly since: Date;
}

/** What this process has counted since it began: it outlives changes of the configuration. */
export interface Metrics {
  readonly meter: RequestMeter;
  /** All of it in the text format of Prometheus 0.0.4, with what `read` tells of the store, which
   *  is asked at most once in FRESH_MS. A store that cannot be read leaves the rest as it is. */
  readonly toText: (read: (runs: RunsAfter) => Promise<SiteCounts>, log: Log) => Promise<string>;
}

/** Media type of `toText`. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** How long what was read of the store is told again. */
const FRESH_MS = 10_000;

/** Names and what they mean stand in docs/operation.md#metrics. With `ofProcess`, the usual figures
 *  of a Node process are told too. */
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
    help: 'Whether the store could be read for what is told of it here.',
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
      // Two that ask at once count no run twice.
      reading ??= readFigures(read, log).finally(() => (reading = null));
      await reading;
      requests.reset();
      for (const { route, statuses } of meter.read())
        for (const [status, { n }] of statuses) requests.inc({ route, status: String(status) }, n);
      return registry.metrics();
    },
  };
}

/** The histogram of latencies is made when it is asked for: the one of prom-client makes a key of
 *  the labels at each request, which would cost as much as the rest of counting. */
function registerLatency(registry: Registry, meter: RequestMeter): void {
  const name = 'newsfold_http_request_duration_seconds';
  const get = async () => ({
    name,
    help: 'Time from the head of a request to the head of its answer, by pattern of the route.',
    type: 'histogram',
    aggregator: 'sum',
    values: meter.read().flatMap(({ route, buckets, seconds }) => {
      let sum = 0;
      const bounded = [...buckets].map((count, place) => {
        sum += count;
        return { metricName: `${name}_bucket`, labels: { le: BOUNDS[place] ?? '+Inf', route }, value: sum };
      });
      return [
        ...bounded,
        { metricName: `${name}_sum`, labels: { route }, value: seconds },
        { metricName: `${name}_count`, labels: { route }, value: sum },
      ];
    }),
  });
  // All that a registry asks of a metric is its name and `get`.
  registry.registerMetric({ name, get } as unknown as Histogram);
}
