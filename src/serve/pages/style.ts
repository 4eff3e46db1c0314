/** The one stylesheet: system fonts, light and dark by the reader's choice, readable from 320 px on. */
export const style = `:root { color-scheme: light dark; --ink: #1d1d1f; --paper: #fdfdfc; --quiet: #5c5c66; --line: #dcdce0; --accent: #0b5fae; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf0; --paper: #17181b; --quiet: #a4a4b0; --line: #34353b; --accent: #7db8f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; color: var(--ink); background: var(--paper); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); }
header { border-bottom: 1px solid var(--line); }
.site { font-size: 1.35rem; font-weight: 700; margin: 0 0 .5rem; }
.site a, h2 a { color: inherit; text-decoration: none; }
h2 a:hover, h2 a:focus { text-decoration: underline; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 1.6rem 0 .2rem; }
.meta, footer, .also { color: var(--quiet); font-size: .9rem; }
.meta { margin: 0 0 .4rem; }
.badge { border: 1px solid var(--line); border-radius: .6rem; padding: 0 .5rem; }
article p { margin: .4rem 0 .8rem; }
img, video { max-width: 100%; height: auto; }
pre, table { overflow-x: auto; display: block; }
blockquote { border-left: 3px solid var(--line); margin-left: 0; padding-left: 1rem; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; }
`;
