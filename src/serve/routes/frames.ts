import type { Context } from 'hono';
import { hasEnded } from '../../model/feed.ts';
import { mayRead } from '../auth/access.ts';
import { createFrame } from '../pages/frame/frame.ts';
import type { PageFrame, FrameOptions, PrivateReader } from '../pages/frame/frame.ts';
import type { ServerContext } from '../server-context.ts';

/** The frame of a page for whoever asks: with the private feeds that he was let in to, and their
 *  token where he came by an address that has it. Such a page is his alone. */
export function frameFor(context: Context, server: ServerContext): PageFrame {
  return createFrame(server.site, server.feeds, toFrameOptions(context, server));
}

/** The options that the frame is made with. */
export function toFrameOptions(context: Context, server: ServerContext): FrameOptions {
  const { clock, token } = server;
  return { at: clock.now(), takesCalls: token !== null, reader: readReader(context, server) };
}

/** The frame of a page that is the same for everybody. */
export function openFrame({ site, feeds, clock, token }: ServerContext): PageFrame {
  return createFrame(site, feeds, { at: clock.now(), takesCalls: token !== null });
}

/** Whether a request by a reader of private feeds comes without what lets him in: links on their
 *  pages have `?private`, upon which he is asked for it, whatever stands there. Without that mark
 *  nobody is: it would tell that there is something. */
export function lacksPassword(context: Context, server: ServerContext): boolean {
  const isAsked = context.req.query('private') !== undefined && server.feeds.some((feed) => feed.private);
  return isAsked && readReader(context, server) === null;
}

function readReader(context: Context, { feeds, clock }: ServerContext): PrivateReader | null {
  const own = feeds.filter((feed) => feed.private && feed.movedTo === null && !hasEnded(feed, clock.now()) && mayRead(context, feed));
  if (own.length === 0) return null;
  const token = context.req.query('token') ?? null;
  return { feeds: own, token: own.some((feed) => feed.token === token) ? token : null };
}
