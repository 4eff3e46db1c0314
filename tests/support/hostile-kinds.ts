/** A feed that costs its reader as much as possible. */
export interface HostileKind {
  readonly name: string;
  /** Makes the document. Another `round` gives other bytes and other texts of entries. */
  readonly make: (round: number, bytes: number) => string;
}

/** Units to repeat: characters that become ten bytes each, unclosed and deep markup, update marks,
 *  long words, white space. */
const fillers: readonly (readonly [name: string, text: string])[] = [
  ['ampersands', '&'],
  ['escaped ampersands', '&amp;'],
  ['quotes', '"'],
  ['brackets', '&lt;'],
  ['update marks', '<p>Update (1545ET): x1 yy</p><hr/>'],
  ['paragraphs', '<p>The ferry sails.</p>'],
  ['open tags', '<a href="'],
  ['open elements', '<b>'],
  ['deep divisions', '<div>'],
  ['list items', '<li>a'],
  ['tables', '<table><tr><td>a'],
  ['pictures', '<img src="https://p.example/a.jpg" alt="&amp;">'],
  ['links', '<a href="https://l.example/a?b=1&amp;c">a</a> '],
  ['comments', '<!--'],
  ['line ends', '\n'],
  ['spaces', '        '],
  ['a long word', 'x'],
  ['marks over letters', 'a\u0301\u0302'],
  ['characters of four bytes', '\u{1f6a2}'],
  ['words', 'ferry harbour storm council '],
  ['numbers', '1234567890 '],
  ['headings', '<h1>a</h1>'],
  ['formulas', '<math><mi>x</mi></math>'],
  ['files inside the text', '<img src="data:image/png;base64,AAAA">'],
  ['slashes', '/'],
];

type Wrap = (texts: readonly string[], round: number) => string;
const cdata = (text: string) => `<![CDATA[${text}]]>`;
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const rss =
  (item: (text: string, n: number, round: number) => string): Wrap =>
  (texts, round) =>
    `<rss version="2.0"><channel><title>H</title><link>https://h.example/</link>${texts.map((text, n) => `<item><guid isPermaLink="false">g${n}</guid><title>Hostile ${n} of ${round}</title><link>https://h.example/${n}</link>${item(text, n, round)}</item>`).join('')}</channel></rss>`;

/** Documents around the repeated text, by format and field. */
const wraps: readonly (readonly [name: string, wrap: Wrap])[] = [
  ['RSS in CDATA', rss((text, _n, round) => `<description>${cdata(`${round} ${text}`)}</description>`)],
  ['RSS escaped', rss((text, _n, round) => `<description>${round} ${escape(text)}</description>`)],
  [
    'RSS with summary and content',
    rss(
      (text, _n, round) =>
        `<description>${cdata(`${round} ${text.slice(0, text.length / 2)}`)}</description><content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">${cdata(text.slice(text.length / 2))}</content:encoded>`,
    ),
  ],
  ['RSS as title', rss((text, _n, round) => `<title>${round} ${escape(text)}</title><author>${escape(text.slice(0, 1000))}</author>`)],
  [
    'Atom',
    (texts, round) =>
      `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x:h</id><title>H</title>${texts.map((text, n) => `<entry><id>urn:x:h:${n}</id><title>H ${n}</title><updated>2026-01-0${(round % 9) + 1}T00:00:00Z</updated><content type="html">${round} ${escape(text)}</content></entry>`).join('')}</feed>`,
  ],
  [
    'Atom with XHTML',
    (texts, round) =>
      `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x:h</id><title>H</title>${texts.map((text, n) => `<entry><id>urn:x:h:${n}</id><title>H ${n} of ${round}</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">${text}</div></content></entry>`).join('')}</feed>`,
  ],
  [
    'JSON Feed',
    (texts, round) =>
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'H',
        items: texts.map((text, n) => ({ id: `h${n}`, title: `H ${n} of ${round}`, content_html: text })),
      }),
  ],
  ['RSS of categories', rss((text, n, round) => numbered(text.length / 30, (m) => `<category>c${n} ${m} ${round}</category>`))],
];

/** Numbers of entries that share the text. */
const counts = [5, 1, 21, 100, 2000];

const numbered = (count: number, make: (n: number) => string) => Array.from({ length: Math.ceil(count) }, (_, n) => make(n)).join('');

/** Returns `count` different kinds of hostile feeds: every filler in every format, in one entry or
 *  in many. */
export function listHostileKinds(count: number): readonly HostileKind[] {
  return Array.from({ length: count }, (_, n) => {
    const [filler, unit] = fillers[n % fillers.length] ?? ['', 'x'];
    const [format, wrap] = wraps[(n + Math.floor(n / fillers.length)) % wraps.length] ?? ['', () => ''];
    const entries = counts[(n + Math.floor(n / (fillers.length * 2))) % counts.length] ?? 1;
    return {
      name: `${filler}, ${format}, ${entries} entries`,
      make: (round, bytes) => {
        // Escaping makes the unit longer by an unknown factor, so the text is often a little
        // shorter than asked.
        const text = unit.repeat(Math.ceil(bytes / entries / unit.length / (/escaped|Atom$/.test(format) ? 2 : 1)));
        return wrap(
          Array.from({ length: entries }, () => text),
          round,
        );
      },
    };
  });
}

/** docs/design.md §44: five texts of ampersands, each of which is ten bytes as a document writes
 *  it. */
export const ampersands: HostileKind = {
  name: 'five texts of two million ampersands',
  make: (round) =>
    rss((text, _n, n) => `<description>${cdata(`${n} ${text}`)}</description>`)(
      Array.from({ length: 5 }, () => '&'.repeat(1_990_000)),
      round,
    ),
};

/** docs/design.md §47: 21 texts of nothing but update marks. */
export const updates: HostileKind = {
  name: '21 texts of update marks',
  make: (round) => {
    const marks = '<p>Update (1545ET): x1 yy</p><hr/>'.repeat(13_000);
    return rss((text, n) => `<description>${cdata(`<p>story ${n} of ${round} begins here</p>${text}`)}</description>`)(
      Array.from({ length: 21 }, () => marks),
      round,
    );
  },
};
