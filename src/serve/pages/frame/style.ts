import type { Site } from '../../../model/feed.ts';
import { ACCENT, PAPER, toAccents } from './accent.ts';

/** Returns the one stylesheet. It uses system fonts, follows the reader's light or dark theme,
 *  prints, works from 320 px on and in both text directions. */
export function toStyle({ accent }: Pick<Site, 'accent'>): string {
  const { light, dark } = toAccents(accent ?? ACCENT);
  return `:root { color-scheme: light dark; --ink: #1d1d1f; --paper: ${PAPER.light}; --quiet: #595963; --line: #d8d8dd; --accent: ${light}; --added: #d9f2dd; --removed: #fbe1e1; --warn: #8a3b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf0; --paper: ${PAPER.dark}; --quiet: #a9a9b5; --line: #3a3b42; --accent: ${dark}; --added: #17402a; --removed: #552327; --warn: #f0b27a; } }
${RULES}`;
}

const RULES = `* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; color: var(--ink); background: var(--paper); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Hiragino Sans", "Microsoft YaHei", sans-serif; overflow-wrap: anywhere; text-align: start; }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, input:focus-visible, button:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; inset-inline-start: 1rem; inset-block-start: -10rem; background: var(--paper); padding: .5rem; }
.skip:focus { inset-block-start: .5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.top { border-block-end: 1px solid var(--line); margin-block-end: 1rem; padding-block-end: .5rem; }
.top p { margin: 0 0 .4rem; }
.site { font-size: 1.35rem; font-weight: 700; margin: 0 0 .4rem; }
.site a, h3 a { color: inherit; text-decoration: none; }
h3 a:hover, h3 a:focus, .site a:hover { text-decoration: underline; }
.row { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .4rem 0; padding: 0; }
.paging { justify-content: space-between; margin-block: 2rem 1rem; }
[aria-current] { font-weight: 700; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1rem 0 .5rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2rem 0 .5rem; }
h3 { font-size: 1.1rem; line-height: 1.35; margin: 1.2rem 0 .2rem; }
.day > h2 { font-size: .9rem; font-weight: 600; color: var(--quiet); border-block-end: 1px solid var(--line); }
h1, h2, h3, .text, .difference { overflow: clip; overflow-clip-margin: .5rem; }
.meta, .bottom { color: var(--quiet); font-size: .9rem; }
.meta { margin: 0 0 .4rem; }
.meta a { color: inherit; }
.badge { border: 1px solid currentColor; border-radius: .6rem; padding: 0 .45rem; }
article > p { margin: .3rem 0 .8rem; }
.original { font-weight: 600; }
.search { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .8rem 0; }
input, button { font: inherit; color: inherit; background: transparent; border: 1px solid var(--quiet); border-radius: .3rem; padding: .35rem .6rem; min-width: 0; }
.search input { flex: 1 1 10rem; }
.copy { user-select: all; overflow-wrap: anywhere; font-size: .85rem; }
.owner .copy { display: block; margin: .2rem 0; }
.text { margin-block: 1rem; position: relative; contain: paint; }
.text img, .text video, .text audio { max-width: 100%; height: auto; }
.text audio { width: 100%; }
.text pre, .text code { white-space: pre-wrap; }
.text blockquote { border-inline-start: 3px solid var(--line); margin-inline: 0; padding-inline-start: 1rem; }
.text figure { margin-inline: 0; }
.text h2, .text h3, .text h4, .text h5, .text h6 { font-size: 1.1rem; }
.wide { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .9rem; }
th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: start; vertical-align: top; font-weight: normal; }
thead th { font-weight: 600; }
summary { cursor: pointer; }
details { margin: .3rem 0; }
.members > li, .versions > li { margin-block: .6rem; }
.versions { list-style: none; padding: 0; margin: 0; }
.versions > li { border-inline-start: 3px solid var(--line); padding-inline-start: .8rem; }
.members p { margin: 0; }
.difference { white-space: pre-wrap; margin: .4rem 0; }
ins { background: var(--added); text-decoration: underline; text-decoration-thickness: 2px; }
del { background: var(--removed); text-decoration: line-through; text-decoration-thickness: 2px; }
.source { border-block-end: 1px solid var(--line); padding-block-end: .8rem; }
.rhythm { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: end; margin: .5rem 0; font-size: .9rem; }
.chart { max-width: 100%; fill: var(--accent); }
.facts { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; margin: .5rem 0; font-size: .9rem; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; }
.warn { color: var(--warn); }
.bottom { border-block-start: 1px solid var(--line); margin-block-start: 2rem; }
.owner { margin-block-start: 2rem; font-size: .9rem; }
@media (min-width: 60rem) { body { font-size: 1.05rem; padding-block: 2rem; } }
@media print { body { max-width: none; color: #000; background: #fff; } .skip, nav, form, .owner, .bottom { display: none; } a { color: inherit; } .text a[href^="http"]::after { content: " (" attr(href) ")"; font-size: .8em; } article { break-inside: avoid-page; } }
`;
