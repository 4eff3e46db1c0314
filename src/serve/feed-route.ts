import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { DocumentFormat, Feed } from '../model/feed.ts';
import { answer } from './conditional.ts';
import type { ServeParts } from './parts.ts';

/** Answers a request for a feed's document: moved 301, retired 410, private without its token 404, else the document. */
export async function answerFeed(context: Context, parts: ServeParts, feed: Feed, format: DocumentFormat): Promise<Response> {
  if (feed.movedTo !== null) return context.redirect(feed.movedTo, 301);
  if (feed.retired) return context.text('This feed is no more.\n', 410);
  if (!mayRead(context, feed)) return context.notFound();
  const document = await parts.readDocument(feed, format);
  return answer(context.req.raw, document, parts.maxAgeSeconds, { isPrivate: feed.private });
}

/** Whether a request may see a feed: a private one asks for `?token=` or the token as a password. Compared in constant time. */
export function mayRead(context: Context, feed: Feed): boolean {
  if (!feed.private) return true;
  const basic = /^Basic\s+(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  const password =
    basic === undefined
      ? null
      : Buffer.from(basic, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:/, '');
  const given = context.req.query('token') ?? password;
  return feed.token !== null && given !== null && timingSafeEqual(hash(feed.token), hash(given));
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
