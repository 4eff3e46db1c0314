import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseFullText } from '../../../src/parse/full-text/full-text.ts';

/** A page of tests/data/pages, written for this test, with the title and text of its entry. */
interface Case {
  readonly page: string;
  readonly title: string;
  readonly text?: string;
  /** Address of the page after redirects; without one, the link of the entry. */
  readonly url?: string;
  readonly contentType?: string | null;
}

const LINK = 'https://site.example/2026/05/the-story.html';

function read({ page, title, text = '', url = LINK, contentType = 'text/html' }: Case) {
  const bytes = readFileSync(join(import.meta.dirname, '../../data/pages', `${page}.html`));
  return parseFullText({ bytes, contentType, url }, { title, text, url: LINK });
}

/** Expects a refusal with this code. */
function check(input: Case, expected: string): void {
  const result = read(input);
  expect(result.kind === 'refused' ? result.problem.code : result.html).toBe(expected);
}

const FERRY = { title: 'Harbour council votes to keep the night ferry', text: 'The night ferry stays for three years.' };
const WALL = {
  title: 'Mending a dry stone wall',
  text: 'The wall above the lane fell in the second week of March, after eleven days of rain.',
};

const SHORT_TEXT =
  'The main pool is closed this Friday from six in the morning until noon while the filters are changed. The small pool, the sauna and the café stay open. Season tickets are extended by a day.';
const NOTE_TEXT =
  'Watched two swifts argue over the hole under our gutter for an hour. The smaller one won, and has been singing about it since.';

const refused: readonly (readonly [Case, string])[] = [
  [{ page: 'wall-hard', title: 'The last lighthouse keeper of Skarholm' }, 'page/paywall'],
  [{ page: 'wall-metered', title: 'What the river knows', text: 'Every spring the river Tarn writes its own report.' }, 'page/paywall'],
  [
    { page: 'wall-json-ld', title: 'Inside the salt mines of Valdeo', text: 'The lift takes four minutes to reach the bottom.' },
    'page/paywall',
  ],
  [{ page: 'wall-content-tier', title: 'Chess in the desert', text: 'A tournament with no clock.' }, 'page/paywall'],
  [{ page: 'wall-german', title: 'Warum der Wald zurückkommt', text: 'Auf alten Feldern wachsen wieder Bäume.' }, 'page/paywall'],
  [{ page: 'wall-french', title: 'Les abeilles de la tour nord', text: 'Trois ruches vivent sur la tour nord.' }, 'page/paywall'],
  [{ page: 'wall-spanish', title: 'El último organillero' }, 'page/paywall'],
  [{ page: 'wall-italian', title: 'La strada dei mulini' }, 'page/paywall'],
  [{ page: 'wall-portuguese', title: 'O farol que virou biblioteca' }, 'page/paywall'],
  [{ page: 'wall-dutch', title: 'De molenaar van Oostwerf' }, 'page/paywall'],
  [{ page: 'wall-polish', title: 'Zegarmistrz z rynku' }, 'page/paywall'],
  [{ page: 'wall-swedish', title: 'Vintern på ön' }, 'page/paywall'],
  [{ page: 'wall-russian', title: 'Последний паромщик' }, 'page/paywall'],
  [{ page: 'wall-japanese', title: '老舗和菓子店、百年の味を継ぐ' }, 'page/paywall'],
  [{ page: 'wall-chinese', title: '深夜食堂的老板娘' }, 'page/paywall'],
  [{ page: 'wall-korean', title: '골목 끝 서점의 겨울' }, 'page/paywall'],
  [{ page: 'wall-arabic', title: 'صانع القوارب في الميناء القديم' }, 'page/paywall'],
  [{ page: 'wall-inside', title: 'Counting eels by moonlight', text: 'Eels move on dark nights.' }, 'page/paywall'],
  [{ page: 'blog', ...WALL, url: 'https://site.example/subscribe?from=wall' }, 'page/paywall'],
  [{ page: 'registration', title: 'A garden on the roof of the bank', text: 'The bank on Cornmarket grows tomatoes.' }, 'page/login'],
  [{ page: 'login', title: 'Guild news for May', text: 'The guild met in May.' }, 'page/login'],
  [{ page: 'blog', ...WALL, url: 'https://site.example/login?next=/2026/05/the-story.html' }, 'page/login'],
  [{ page: 'consent-in-place', title: 'Valley bridge reopens', text: 'The valley bridge reopened on Monday.' }, 'page/consent'],
  [{ page: 'consent-german', title: 'Brücke wieder offen', text: 'Die Brücke ist seit Montag wieder offen.' }, 'page/consent'],
  [{ page: 'consent-redirect', ...FERRY, url: 'https://consent.brand.example/v2/collect?session=1' }, 'page/consent'],
  [{ page: 'ad-block', ...FERRY }, 'page/consent'],
  [{ page: 'age-gate', title: 'A glass of perry', text: 'Perry is made from pears.' }, 'page/consent'],
  [{ page: 'bot-check', ...WALL }, 'page/bot-check'],
  [{ page: 'access-denied', ...WALL }, 'page/bot-check'],
  [{ page: 'robot-question', ...WALL }, 'page/bot-check'],
  [{ page: 'soft-404', ...FERRY }, 'page/not-found'],
  [{ page: 'soft-404-german', title: 'Stadtwerke pflanzen 300 Linden' }, 'page/not-found'],
  [{ page: 'home-page', ...WALL, url: 'https://site.example/' }, 'page/not-found'],
  [{ page: 'other-article', ...WALL }, 'page/other-article'],
  [{ page: 'blog', title: 'Bees in winter', text: 'They do not sleep. They stand in a ball and shiver.' }, 'page/other-article'],
  [
    { page: 'links-only', title: 'Storm Hedda', text: 'Storm Hedda crossed the coast on Thursday with gusts of 118 km/h.' },
    'page/other-article',
  ],
  [{ page: 'app-shell', ...WALL }, 'page/no-text'],
  [{ page: 'video-only', title: 'Watch: kites over the dunes', text: 'Kites over the dunes.' }, 'page/no-text'],
  [{ page: 'blog', ...WALL, contentType: 'application/pdf' }, 'page/not-html'],
  [{ page: 'pdf', ...WALL }, 'page/not-html'],
  [{ page: 'json', ...WALL }, 'page/not-html'],
  [{ page: 'feed', ...WALL, contentType: null }, 'page/not-html'],
  [{ page: 'short', title: 'Pool closed on Friday', text: SHORT_TEXT }, 'page/no-gain'],
  [{ page: 'note', title: 'Two swifts', text: NOTE_TEXT }, 'page/no-gain'],
];

test.each(refused)('refuses $page as $1', (input, expected) => check(input, expected));
