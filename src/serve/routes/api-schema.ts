import type { Site } from '../../model/feed.ts';
import { stages } from '../../model/set-aside.ts';
import { VERSION } from '../../model/version.ts';

/** The API as OpenAPI 3.1 describes it, for programs that write or check clients. */
export function toApiSchema({ title, url }: Pick<Site, 'title' | 'url'>): object {
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: VERSION,
      description: 'Stories and sources of this site. Instants are RFC 3339, UTC; what is unknown is null.',
    },
    servers: [{ url }],
    paths: {
      '/api/v1/stories': {
        get: {
          summary: 'Published stories, newest first, fifty at once; Link: rel=next leads to more',
          parameters: [
            query('feed', 'Slug of a feed; all that may be read without it'),
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
      '/api/v1/stories/{key}/split': action('Takes an entry out of its story for good', { entry: { type: 'string' } }, ['entry']),
      '/api/v1/stories/{key}/merge': action('Makes two stories one for good', { with: { type: 'string' } }, ['with']),
      '/api/v1/stories/{key}/hide': action(
        'Takes a story, or one entry of it, down everywhere',
        { entry: { type: ['string', 'null'] } },
        [],
      ),
      '/api/v1/stories/{key}/unhide': action('Shows again what was taken down', { entry: { type: ['string', 'null'] } }, []),
      '/api/v1/sources': {
        get: { summary: 'Every source with its state', responses: { 200: json('Sources', { type: 'array', items: ref('Source') }) } },
      },
      '/api/v1/why': {
        get: {
          summary: 'Says what became of an article, as newsfold why --json does',
          security,
          parameters: [{ ...query('q', 'Its address, its title or a part of it, or a key'), required: true }],
          responses: { 200: json('All that is known of it', { type: 'object' }), 400: refusal, 401: refusal, 403: refusal, 429: refusal },
        },
      },
      '/api/v1/run': {
        post: {
          summary: 'Starts a run',
          security,
          responses: {
            202: json('It has been started', ref('Done')),
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
      responses: { Problem: { description: 'Why not (RFC 9457)', content: { 'application/problem+json': { schema: ref('Problem') } } } },
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

/** What answers are made of; nothing else is in them. */
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
    { setAside: { type: 'array', items: ref('SetAside'), description: 'With the owner’s token alone' } },
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
      isOpen: { type: 'boolean', description: 'It is to be tried once more' },
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
