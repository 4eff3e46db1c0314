import { writeFileSync } from 'node:fs';

/** Preloaded (`node --import`): writes the resource usage of the process at its end to the file
 *  named by BENCH_USAGE. */
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(
    process.env['BENCH_USAGE'] ?? '/dev/null',
    JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMb: maxRSS / 1024 }),
  );
});
