import type { Site } from '../../model/feed.ts';
import { stages } from '../../model/set-aside.ts';
import { VERSION } from '../../model/version.ts';

/** Returns the description of the API in OpenAPI 3.1, for programs that write or check clients. */
export function toApiSchema({ title, url }: Pick<Site, 'title' | 'url'>): object {
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: VERSION,
      description: 'Stories and sources of this site. Instants are RFC 3339, UTC; unknown values are null.',
    },
    servers: [{ url }],
    paths: {
      '/api/v1/stories': {
        get: {
          summary: 'Published stories, newest first, fifty at once; Link: rel=next leads to more',
          parameters: [
            query('feed', 'Slug of a feed; without it, all feeds that the client may read'),
            query('source', 'Id of a source that has the story'),
            query('tag', 'Tag of such a source'),
            query('q', 'Words and "phrases" that all stand in title or text, in any case'),
            { ...query('page', 'Counted from 1'), schema: { type: 'integer', minimum: 1 } },
          ],
          responses: { 200: json('Stories', { type: 'array', items: ref('Story') }), 404: refusal, 429: refusal },
        },
      },
      '/api/v1/stories/{key}': {
        parameters: [key],
        get: {
          summary: 'A story with its text, members and versions',
          responses: { 200: json('The story', ref('StoryDetail')), 302: moved, 404: refusal, 410: refusal, 429: refusal },
        },
      },
      '/api/v1/stories/{key}/split': action('Removes an entry from its story for good', { entry: { type: 'string' } }, ['entry']),
      '/api/v1/stories/{key}/merge': action('Merges two stories for good', { with: { type: 'string' } }, ['with']),
      '/api/v1/stories/{key}/hide': action('Hides a story, or one entry of it, everywhere', { entry: { type: ['string', 'null'] } }, []),
      '/api/v1/stories/{key}/unhide': action('Shows a hidden story or entry again', { entry: { type: ['string', 'null'] } }, []),
      '/api/v1/sources': {
        get: { summary: 'Every source with its state', responses: { 200: json('Sources', { type: 'array', items: ref('Source') }) } },
      },
      '/api/v1/why': {
        get: {
          summary: 'Explains what became of an article, as newsfold why --json does',
          security,
          parameters: [{ ...query('q', 'The article: its address, its title or a part of it, or a key'), required: true }],
          responses: {
            200: json('Everything known about the article', { type: 'object' }),
            400: refusal,
            401: refusal,
            403: refusal,
            429: refusal,
          },
        },
      },
      '/api/v1/run': {
        post: {
          summary: 'Starts a run',
          security,
          responses: {
            202: json('The run has been started', ref('Done')),
            400: refusal,
            401: refusal,
            403: refusal,
            413: refusal,
            429: refusal,
          },
        },
      },
    },
    components: {
      securitySchemes: { owner: { type: 'http', scheme: 'bearer', description: 'server.token of the configuration' } },
      responses: {
        Problem: {
          description: 'The reason for a refusal (RFC 9457)',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
      schemas,
    },
  };
}

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const time = { type: 'string', format: 'date-time' };
const timeOrNull = { type: ['string', 'null'], format: 'date-time' };
const count = { type: 'integer', minimum: 0 };
const texts = { type: 'array', items: text };

const story = { key: text, id: text, title: text, url: textOrNull, published: timeOrNull, updated: time, sources: texts, entries: count };

/** Schemas of the answers; an answer has no other properties. */
const schemas = {
  Story: object({ ...story, revisions: count }),
  StoryDetail: object({
    ...story,
    html: { type: 'string', description: 'Sanitised' },
    authors: texts,
    members: { type: 'array', items: ref('Member') },
    revisions: { type: 'array', items: ref('Revision') },
    related: { type: 'array', items: object({ key: text, title: text }) },
  }),
  Member: object({
    entry: text,
    source: text,
    url: textOrNull,
    verdict: { enum: ['first', 'same', 'revision', 'related', 'different'] },
    score: { type: 'number', minimum: 0, maximum: 1 },
    why: texts,
  }),
  Revision: object({ updated: time, kind: { enum: ['first', 'mark', 'edit', 'cosmetic'] }, why: text }),
  Source: object(
    {
      id: text,
      kind: { enum: ['feed', 'file', 'articles', 'page'] },
      title: text,
      url: textOrNull,
      state: { enum: ['ok', 'new', 'failing', 'gone', 'removed'] },
      lastSuccessAt: timeOrNull,
      lastEntryAt: timeOrNull,
      nextPollAt: timeOrNull,
      failures: count,
      problem: { oneOf: [{ type: 'null' }, ref('SourceProblem')] },
      entries: count,
    },
    { setAside: { type: 'array', items: ref('SetAside'), description: 'Only with the owner’s token' } },
  ),
  SetAside: object(
    {
      what: { enum: ['source', 'entry', 'story'] },
      stage: { enum: stages },
      reason: { enum: ['failed', 'died'] },
      code: text,
      message: text,
      version: text,
      at: time,
      tries: count,
      isOpen: { type: 'boolean', description: 'It will be tried once more' },
    },
    { name: text },
  ),
  SourceProblem: object({ source: text, code: text, message: text }, { entry: text }),
  Done: object({ message: text }),
  Problem: object({ type: text, title: text, status: count, detail: text }),
};

const key = { name: 'key', in: 'path', required: true, schema: text, description: 'Key of a story' };
const security = [{ owner: [] }];
const moved = { description: 'It is part of another story now', headers: { Location: { schema: text } } };
const refusal = { $ref: '#/components/responses/Problem' };

function query(name: string, description: string) {
  return { name, in: 'query', required: false, schema: text, description };
}

function action(summary: string, properties: object, required: readonly string[]) {
  const refusals = Object.fromEntries([400, 401, 403, 404, 409, 413, 422, 429].map((status) => [status, refusal]));
  return {
    parameters: [key],
    post: {
      summary,
      security,
      requestBody: {
        required: required.length > 0,
        content: { 'application/json': { schema: { type: 'object', properties, required, additionalProperties: false } } },
      },
      responses: { 200: json('Done', ref('Done')), ...refusals },
    },
  };
}

function json(description: string, schema: object) {
  return { description, content: { 'application/json': { schema } } };
}

function ref(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

function object(properties: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties), additionalProperties: false };
}
