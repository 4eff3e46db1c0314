import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { newsfold, startNewsfold } from './newsfold.ts';
import type { Ended } from './newsfold.ts';

/** A server on a temporary folder, in a process of its own. */
export interface ServedSite extends AsyncDisposable {
  readonly url: string;
  readonly folder: string;
  /** Returns its log so far. */
  readonly log: () => string;
  /** Runs another command with the same configuration. */
  readonly newsfold: (...args: readonly string[]) => Promise<Ended>;
  /** Kills the server with SIGKILL; resolves when it has ended. */
  readonly kill: () => Promise<Ended>;
}

/** Serves a folder with these files, one of which is `newsfold.yaml`. `$URL` in a file becomes the
 *  site's address. Resolves after the first run. */
export async function serveSite(files: Readonly<Record<string, string>>): Promise<ServedSite> {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-site-'));
  const port = await findPort();
  const url = `http://127.0.0.1:${port}`;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.replaceAll('$URL', url));
  }
  const config = ['--config', join(folder, 'newsfold.yaml')];
  const server = startNewsfold(['serve', '--port', String(port), ...config]);
  await server.waitFor(/Next runs/);
  return {
    url,
    folder,
    log: server.log,
    newsfold: (...args) => newsfold([...args, ...config]),
    kill() {
      server.kill('SIGKILL');
      return server.ended;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Returns a free port; nothing else should take it in the second before its use. */
function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
