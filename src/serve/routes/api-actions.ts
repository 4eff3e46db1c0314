import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { NewsfoldError } from '../../model/errors.ts';
import { isOwner } from '../auth/access.ts';
import type { Correction } from '../../model/story.ts';
import type { ServerContext } from '../server-context.ts';
import { problem, refuseMethod } from '../http/problem.ts';

/** Largest body of a call, bytes. */
const LARGEST_BODY = 10_000;
/** Seconds after which to try again: runs and corrections hold the lock for seconds, mostly. */
const LOCKED_SECONDS = 10;

/** Adds the owner's API calls: correct a story, start a run. They are off without a token in the
 *  configuration. No cookie is accepted, so no other site can make the owner's browser call
 *  them. */
export function addActionRoutes(app: Hono, server: ServerContext): void {
  const limit = bodyLimit({
    maxSize: LARGEST_BODY,
    onError: (context) =>
      problem(context, 413, { code: 'too-large', title: 'Too large', detail: `A body has at most ${LARGEST_BODY} bytes.` }),
  });
  const add = (path: string, names: readonly string[], handle: (context: Context, body: Body) => Promise<Response>) => {
    app.post(path, limit, async (context) => {
      const refusal = refuseStranger(context, server);
      if (refusal) return refusal;
      const body = await readBody(context);
      if (!body) return refuseBody(context, 'The body must be a JSON object.');
      // A misspelt name is refused: without "entry" a call would apply to the whole story.
      const other = Object.keys(body).find((name) => !names.includes(name));
      if (other === undefined) return handle(context, body);
      const known = names.length === 0 ? 'nothing' : names.map((name) => `"${name}"`).join(' and ');
      return refuseBody(context, `The body may have ${known}, but has ${JSON.stringify(other.slice(0, 100))}.`);
    });
    app.all(path, (context) => refuseMethod(context, 'POST'));
  };
  const correct = async (context: Context, correction: Correction) => {
    try {
      const { isDone, isUnknown, message } = await server.correct(correction);
      if (isDone) return context.json({ message }, 200, { 'cache-control': 'no-store' });
      const details = { code: isUnknown ? 'not-found' : 'refused', title: isUnknown ? 'Not found' : 'Refused', detail: message };
      return problem(context, isUnknown ? 404 : 422, details);
    } catch (error) {
      if (!(error instanceof NewsfoldError)) throw error;
      if (error.code === 'run/other-config')
        return problem(context, 409, { code: 'other-config', title: 'Another node has a newer configuration', detail: error.message });
      if (error.code !== 'run/locked') throw error;
      const details = {
        code: 'locked',
        title: 'A run is going on',
        detail: 'A run or another correction is going on: try again when it has ended.',
      };
      return problem(context, 409, details, { 'retry-after': String(LOCKED_SECONDS) });
    }
  };
  const keyOf = (context: Context) => context.req.param('key') ?? '';
  add('/api/v1/stories/:key/split', ['entry'], async (context, { entry }) =>
    typeof entry === 'string' ? correct(context, { kind: 'split', key: keyOf(context), entry }) : missing(context, 'entry'),
  );
  add('/api/v1/stories/:key/merge', ['with'], async (context, { with: other }) =>
    typeof other === 'string' ? correct(context, { kind: 'merge', key: keyOf(context), with: other }) : missing(context, 'with'),
  );
  for (const kind of ['hide', 'unhide'] as const)
    add(`/api/v1/stories/:key/${kind}`, ['entry'], async (context, { entry = null }) =>
      entry === null || typeof entry === 'string' ? correct(context, { kind, key: keyOf(context), entry }) : missing(context, 'entry'),
    );
  add('/api/v1/run', [], async (context) => {
    server.startRun();
    return context.json({ message: 'a run has been started; its stories are published when it ends' }, 202, {
      'cache-control': 'no-store',
    });
  });
}

type Body = Readonly<Record<string, unknown>>;

/** Refuses a client without the owner's token; returns null for the owner. */
export function refuseStranger(context: Context, { token }: ServerContext): Response | null {
  if (token === null)
    return problem(context, 403, {
      code: 'off',
      title: 'Switched off',
      detail: 'Only the owner may do this, and the configuration has no server.token.',
    });
  if (isOwner(context)) return null;
  const details = { code: 'token', title: 'Unauthorized', detail: 'Give the token of the configuration: Authorization: Bearer TOKEN.' };
  return problem(context, 401, details, { 'www-authenticate': 'Bearer' });
}

/** Returns the body as an object, empty for an absent body; null when the body is no JSON
 *  object. */
async function readBody(context: Context): Promise<Body | null> {
  const text = await context.req.text();
  if (text.trim() === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Body) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function missing(context: Context, name: string): Response {
  return refuseBody(context, `The body needs "${name}": a key, as a string.`);
}

function refuseBody(context: Context, detail: string): Response {
  return problem(context, 400, { code: 'body', title: 'Bad request', detail });
}
