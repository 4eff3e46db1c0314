import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Ended } from '../../support/newsfold.ts';

const main = join(import.meta.dirname, '../../../src/main.ts');

/** Runs a shell script in which `newsfold` is the program and `$DISK` a small disk of its own
 *  (tmpfs in its own mount namespace). The disk starts with this many megabytes. `fill` fills
 *  it, `grow` makes it large, `read_only` makes it read-only. */
export function onSmallDisk(folder: string, megabytes: number, script: string): Promise<Ended> {
  const prelude = [
    `export DISK=${folder}`,
    `mount -t tmpfs -o size=${megabytes}m tmpfs $DISK`,
    `newsfold() { ${process.execPath} ${main} "$@" --config $DISK/newsfold.yaml; }`,
    `serve_a_while() { timeout --preserve-status 10 ${process.execPath} ${main} serve "$@" --config $DISK/newsfold.yaml; }`,
    'fill() { dd if=/dev/zero of=$DISK/fill bs=1k 2>/dev/null; true; }',
    'grow() { rm -f $DISK/fill; mount -o remount,size=200m $DISK; }',
    'read_only() { mount -o remount,ro $DISK; }',
    'cd $DISK',
  ];
  // The script has no rights on this machine, only those within its own namespace.
  const child = spawn('unshare', ['--map-root-user', '--mount', 'bash', '-c', `${prelude.join('\n')}\n${script}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
