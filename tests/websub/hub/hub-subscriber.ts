import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startLoopback } from '../../support/loopback.ts';

/** A request of the hub to the subscriber. */
export interface Received {
  readonly method: string;
  /** What was added to the callback, by name. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How a subscriber answers a question; the challenge unless a test says otherwise. */
type Answer = (received: Received, response: ServerResponse) => void;

/** A subscriber on a real socket, with callbacks at any path. */
export async function startSubscriber() {
  const loopback = await startLoopback();
  const received: Received[] = [];
  const on = (path: string, answer: Answer = agree) =>
    loopback.on(path, (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const query = Object.fromEntries(new URL(request.url ?? '', loopback.origin).searchParams);
        const one = { method: request.method ?? '', query, headers: request.headers, body: Buffer.concat(pieces).toString() };
        received.push(one);
        answer(one, response);
      });
    });
  return {
    origin: loopback.origin,
    port: loopback.port,
    received,
    /** Those with this method. */
    of: (method: 'GET' | 'POST') => received.filter((one) => one.method === method),
    on,
    [Symbol.asyncDispose]: () => loopback[Symbol.asyncDispose](),
  };
}

/** Says that it means what is asked, and takes what it is brought. */
export const agree: Answer = ({ query }, response) => void response.end(query['hub.challenge'] ?? '');

/** The signature that a body must have (W3C WebSub §7.1). */
export const sign = (secret: string, body: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
