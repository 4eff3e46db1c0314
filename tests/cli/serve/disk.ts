import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Ended } from '../../support/newsfold.ts';

const main = join(import.meta.dirname, '../../../src/main.ts');

/** Runs a shell script in which `newsfold` is the program and `$DISK` a small disk of its own:
 *  tmpfs of `megabytes` in a mount namespace. `fill` fills the disk, `grow` makes it large,
 *  `read_only` remounts it read-only. `serve_a_while` starts the server, requests a feed and stops
 *  the server. */
export function onSmallDisk(folder: string, megabytes: number, script: string): Promise<Ended> {
  const prelude = [
    `export DISK=${folder}`,
    `mount -t tmpfs -o size=${megabytes}m tmpfs $DISK`,
    `newsfold() { ${process.execPath} ${main} "$@" --config $DISK/newsfold.yaml; }`,
    // The first line on standard output says that the server listens; it ends with the address. The
    // exit code is the server's.
    `serve_a_while() {
      coproc SERVER { exec ${process.execPath} ${main} serve "$@" --config $DISK/newsfold.yaml; }
      local pid=$SERVER_PID line; read -r line <&\${SERVER[0]}
      ${process.execPath} -e 'fetch(process.argv[1] + "/feed.atom").then(({ status }) => console.log("feed", status))' "\${line##* }"
      kill $pid; wait $pid
    }`,
    'fill() { dd if=/dev/zero of=$DISK/fill bs=1k 2>/dev/null; true; }',
    'grow() { rm -f $DISK/fill; mount -o remount,size=200m $DISK; }',
    'read_only() { mount -o remount,ro $DISK; }',
    'cd $DISK',
  ];
  // A user namespace may mount without root rights on this machine.
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
