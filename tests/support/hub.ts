import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Loopback } from './loopback.ts';

/** A request of a subscriber to the hub: the fields of its form by name, without `hub.`. */
export type HubRequest = Readonly<Record<string, string>>;

/** The answer of a subscriber. */
interface Said {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** A hub that a test scripts, rightly or wrongly. */
export interface TestHub {
  readonly url: string;
  /** Requests in their order. */
  readonly requests: readonly HubRequest[];
  /** Answers requests; at first with 202. */
  answers: (request: HubRequest, response: ServerResponse) => unknown;
  /** Verifies the intent of a subscriber (WebSub §5.3). `otherwise` replaces fields; null leaves
   *  one out. */
  readonly askBack: (request: HubRequest, otherwise?: Readonly<Record<string, string | null>>) => Promise<Said>;
  /** Delivers a document, signed by SHA-256 with the request's secret unless the headers say
   *  otherwise. */
  readonly push: (request: HubRequest, body: string | Uint8Array, headers?: Readonly<Record<string, string>>) => Promise<Said>;
}

/** Opens a hub on a path of a server. */
export function openHub(server: Loopback, path = '/hub'): TestHub {
  const requests: HubRequest[] = [];
  const hub: TestHub = {
    url: server.origin + path,
    requests,
    answers: (_request, response) => response.writeHead(202).end(),
    async askBack(request, otherwise = {}) {
      const fields = {
        mode: request['mode'] ?? null,
        topic: request['topic'] ?? null,
        challenge: CHALLENGE,
        lease_seconds: request['lease_seconds'] ?? null,
        ...otherwise,
      };
      const url = new URL(request['callback'] ?? '');
      for (const [name, value] of Object.entries(fields)) if (value !== null) url.searchParams.set(`hub.${name}`, value);
      return read(await fetch(url));
    },
    async push(request, body, headers = {}) {
      const bytes = Buffer.from(body);
      const sent = { 'content-type': 'application/rss+xml', 'x-hub-signature': sign(bytes, request['secret'] ?? ''), ...headers };
      return read(await fetch(request['callback'] ?? '', { method: 'POST', body: bytes, headers: sent }));
    },
  };
  server.on(path, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(pieces).toString());
      const asked = Object.fromEntries([...form].map(([name, value]) => [name.replace(/^hub\./, ''), value]));
      requests.push(asked);
      hub.answers(asked, response);
    });
  });
  return hub;
}

/** The challenge of every verification unless a test says otherwise. */
export const CHALLENGE = 'a-challenge-of-the-hub';

/** Returns the X-Hub-Signature of a body. */
export function sign(body: string | Uint8Array, secret: string, method = 'sha256'): string {
  return `${method}=${createHmac(method, secret).update(body).digest('hex')}`;
}

async function read(response: Response): Promise<Said> {
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}
