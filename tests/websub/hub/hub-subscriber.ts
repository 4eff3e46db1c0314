import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startLoopback } from '../../support/loopback.ts';

/** A request of the hub to the subscriber. */
export interface Received {
  readonly method: string;
  /** Parameters that were added to the callback, by name. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The subscriber's answer to a verification; the challenge unless a test sets another. */
type Answer = (received: Received, response: ServerResponse) => void;

/** Starts a subscriber on a real socket, with callbacks at any path. */
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
    /** Requests with this method. */
    of: (method: 'GET' | 'POST') => received.filter((one) => one.method === method),
    on,
    [Symbol.asyncDispose]: () => loopback[Symbol.asyncDispose](),
  };
}

/** Confirms verifications and accepts deliveries. */
export const agree: Answer = ({ query }, response) => void response.end(query['hub.challenge'] ?? '');

/** Returns the signature that a body must have (W3C WebSub §7.1). */
export const sign = (secret: string, body: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
