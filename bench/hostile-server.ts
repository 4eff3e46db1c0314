import { head, pour, type Script, startHostile, whenAsked } from '../tests/ingest/http/hostile.ts';
import { hostileAnswers } from '../tests/ingest/http/hostile-answers.ts';
import { hostileDocuments } from '../tests/ingest/http/hostile-documents.ts';

/** Plays hostile servers, one on each address of 127.2.0.0/16, in a process of its own: `node
 *  bench/hostile-server.ts COUNT|NAME`. A number plays every case in turn, answers and documents
 *  mixed, then silence. A name plays that case alone. Prints the URLs as one JSON array. Ends when
 *  its standard input ends. */
interface Case {
  readonly name: string;
  readonly script: Script;
  readonly scheme: string;
}

const answers: readonly Case[] = hostileAnswers.map(({ name, script, scheme = 'http' }) => ({ name, script, scheme }));
const documents: readonly Case[] = hostileDocuments.map(({ name, make, contentType }) => ({
  name,
  scheme: 'http',
  script: whenAsked((socket) => {
    socket.write(head(contentType === undefined ? [] : [`content-type: ${contentType}`]));
    void pour(socket, [make(1)]);
  }),
}));
const silence: Case = { name: 'silence', script: () => {}, scheme: 'http' };
const mixed = answers.flatMap((answer, n) => [answer, ...documents.slice(n, n + 1)]).concat(documents.slice(answers.length));

const [wanted = ''] = process.argv.slice(2);
const count = Number(wanted);
const played = Number.isNaN(count)
  ? mixed.filter(({ name }) => name === wanted)
  : Array.from({ length: count }, (_, n) => mixed[n] ?? silence);
const urls: string[] = [];
for (const [n, { script, scheme }] of played.entries()) {
  const server = await startHostile(script, `127.2.${n >> 7}.${(n & 127) + 1}`);
  urls.push(`${scheme}://${server.authority}/feed`);
}
process.stdout.write(`${JSON.stringify({ urls, bytes: 0 })}\n`);
process.stdin.resume().on('end', () => process.exit());
