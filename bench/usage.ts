import { writeFileSync } from 'node:fs';

/** Preloaded (`node --import`): writes what the process has used to the file named by BENCH_USAGE
 *  when it ends. */
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(
    process.env['BENCH_USAGE'] ?? '/dev/null',
    JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, rssMb: maxRSS / 1024 }),
  );
});
