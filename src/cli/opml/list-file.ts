import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { createLog } from '../../app/log.ts';
import { readConfig } from '../../app/config.ts';
import { createConfiguredFetcher } from '../../app/fetchers.ts';
import type { AppConfig } from '../../config/config.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { SourceBytes } from '../../model/parsed.ts';
import { standardOptions, unconditional } from '../../ports/fetcher.ts';
import { exists, toFileError } from '../output/files.ts';

/** Returns the bytes of a list from a file, standard input (`-`) or an address. An address is
 *  requested as politely as a source.
 *  @throws NewsfoldError `file/unreadable`, `list/too-large`, and with exit code 1 the problem of
 *  the fetcher (`fetch/…`). */
export async function readListFile(target: string, configFile: string): Promise<SourceBytes> {
  const config = readConfig(configFile);
  if (/^https?:\/\//i.test(target)) return fetchList(target, config);
  const input = target === '-' ? process.stdin : createReadStream(target);
  const { maxBytes } = config.fetch;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes)
        throw new NewsfoldError('list/too-large', `${target} has more than ${maxBytes} bytes (fetch.maxBytes)`, { exitCode: 1 });
    }
  } catch (error) {
    throw toFileError(target, 'read', error);
  }
  return { bytes: Buffer.concat(chunks), contentType: null, url: '' };
}

async function fetchList(url: string, config: AppConfig): Promise<SourceBytes> {
  const fetcher = await createConfiguredFetcher(config, createLog(config));
  try {
    const result = await fetcher.fetch({ ...unconditional, url, accept: 'text', publicOnly: false, options: standardOptions });
    if (result.kind === 'content') return result.content;
    // The fetcher's message names the address without its secret parts.
    const problem = result.kind === 'failed' ? result.problem : { code: 'fetch/status', message: 'a 304 came to an unconditional request' };
    throw new NewsfoldError(problem.code, problem.message, { exitCode: 1 });
  } finally {
    await fetcher.close();
  }
}

/** Writes a list atomically. It replaces only another list, so that a mistyped path destroys
 *  nothing.
 *  @throws NewsfoldError `list/refused` when the file exists and is no list, `file/unwritable`. */
export async function writeList(file: string, text: string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    if ((await exists(file)) && !(await isList(file)))
      throw new NewsfoldError('list/refused', `${file} exists and is no list of feeds (OPML): name another file`, {
        exitCode: 1,
      });
    const handle = await open(part, 'wx');
    await handle.writeFile(text).finally(() => handle.close());
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw toFileError(file, 'written', error);
  }
}

async function isList(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0).finally(() => handle.close());
  return bytesRead === 0 || /<opml[\s>]/i.test(buffer.toString('latin1'));
}
