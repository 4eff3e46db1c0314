import { hasEnded } from '../../model/feed-end.ts';
import type { Context } from 'hono';
import { mayRead } from '../auth/access.ts';
import { createFrame } from '../pages/frame/frame.ts';
import type { PageFrame, FrameOptions, PrivateReader } from '../pages/frame/frame.ts';
import type { ServerContext } from '../server-context.ts';

/** Returns the frame of a page for the client. It shows the private feeds that the client may
 *  read, and puts their token into links when the address had it. Such a page must not be given
 *  to anybody else. */
export function frameFor(context: Context, server: ServerContext): PageFrame {
  return createFrame(server.site, server.feeds, toFrameOptions(context, server));
}

/** Returns the options of the frame for this client. */
export function toFrameOptions(context: Context, server: ServerContext): FrameOptions {
  const { clock, token } = server;
  return { at: clock.now(), takesCalls: token !== null, reader: readReader(context, server) };
}

/** Returns the frame of a page that is the same for everybody. */
export function openFrame({ site, feeds, clock, token }: ServerContext): PageFrame {
  return createFrame(site, feeds, { at: clock.now(), takesCalls: token !== null });
}

/** Reports whether a request has `?private` but no valid token: then the browser must ask for a
 *  password. Links on pages for readers of private feeds have `?private`. Requests without it
 *  are never asked, because the question itself would reveal that a private feed exists. */
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
