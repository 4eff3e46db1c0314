import { readClock, readDay, readZone } from './mark-clock.ts';
import type { MarkWhen } from './mark-time.ts';

/** An update mark at the start of a paragraph. */
export interface Mark {
  /** The mark as written, without the colon or dash after it: "Update (1545ET)". */
  readonly mark: string;
  readonly when: MarkWhen;
  /** The mark's number ("UPDATE 2"); null for none. */
  readonly number: number | null;
  /** true when the mark's paragraph ends although a text must follow: "Update:" or a heading
   *  "Update". */
  readonly isOpen: boolean;
}

/** Returns the update mark at the start of a paragraph's plain text; null when there is none
 *  (docs/design.md §69). One of the words below must come first in the paragraph or first in a
 *  bracket. After it, only a number, clock time, zone, day and the small words between them are
 *  allowed. Then comes a colon, a dash, the closing bracket, or the end of the paragraph or line.
 *  At an end without a sign, the mark must have a time or a day, or be the bare word, as in a
 *  heading. Hence "Update your browser: …", "Updates on the storm: live", "Correction officers: …"
 *  and "Update 2.3 released" are no marks. Known errors: an essay that begins with "Update: …" has
 *  a mark, and "This article was amended on 5 January" has none. Only the first 200 characters are
 *  read. */
export function readMark(text: string): Mark | null {
  const head = toScannable(text.slice(0, 200));
  const remark = text.length <= 300 ? wireRemark.exec(text) : null;
  if (remark !== null) return { mark: shorten(remark[0]), when: noTime, number: null, isOpen: false };
  const state: State = { hour: null, minute: null, zone: null, day: null, number: null, isTimed: false, isJoined: false };
  let at = endOf(decoration, head, 0);
  const start = at;
  const closing = closers.get(head[at] ?? '') ?? '';
  if (closing !== '') {
    at = endOf(spaces, head, at + 1);
    for (let next = readTime(head, at, state); next > at; next = endOf(gap, head, readTime(head, at, state))) at = next;
  }
  const afterWord = endOf(markWord, head, at);
  if (afterWord === at) return null;
  const end = scanTail(head, afterWord, closing, state, text.length);
  if (end === null) return null;
  const { hour, minute, zone, day } = state;
  const isEmpty = end.rest >= head.length && text.length <= 200;
  return {
    mark: shorten(text.normalize('NFC').slice(start, end.mark).trim()),
    when: { hour, minute, zone: hour === null ? null : zone, day },
    number: state.number,
    isOpen: isEmpty && end.expectsMore,
  };
}

const noTime: MarkWhen = { hour: null, minute: null, zone: null, day: null };

interface State {
  hour: number | null;
  minute: number | null;
  zone: string | null;
  day: MarkWhen['day'];
  number: number | null;
  /** true when a time or day was read, even an ambiguous one. */
  isTimed: boolean;
  /** true when small words were read that only make sense with a time. */
  isJoined: boolean;
}

interface MarkEnd {
  /** Index at which the mark as written ends. */
  readonly mark: number;
  /** Index at which the text after the mark starts. */
  readonly rest: number;
  readonly expectsMore: boolean;
}

/** Reads the words between the mark's word and the sign that ends the mark; null when other words
 *  are there. */
function scanTail(head: string, from: number, closing: string, state: State, length: number): MarkEnd | null {
  let at = from;
  const open: string[] = closing === '' ? [] : [closing];
  let dash: MarkEnd | null = null;
  while (at < head.length) {
    const sign = head[at] ?? '';
    const hasTimeIfNeeded = state.isTimed || !state.isJoined;
    if (sign === ':' && head[at + 1] !== '/') return hasTimeIfNeeded ? toEnd(head, at, at + 1, true) : dash;
    if (sign === '\n') break;
    if (sign === open.at(-1)) {
      open.pop();
      at += 1;
      // "[Update] text" ends here; in "[Update, Jan 5]: text" a colon still follows.
      if (open.length === 0 && closing !== '')
        return hasTimeIfNeeded ? toEnd(head, at, endOf(closingSigns, head, at), !state.isTimed) : null;
      continue;
    }
    const afterDash = endOf(dashSign, head, at);
    if (afterDash > at && (sign !== '-' || head[at - 1] === ' ' || state.number !== null)) {
      if (dash === null && hasTimeIfNeeded) dash = toEnd(head, at, afterDash, true);
      at = afterDash;
      continue;
    }
    const sentence = head[at - 1] === ' ' ? endInSentence(head, at, closing, state, length) : null;
    if (sentence !== null) return sentence;
    const next = readTime(head, at, state);
    if (next > at) at = next;
    else if (state.number === null && !state.isTimed && endOf(numberSign, head, at) > at) {
      const after = endOf(numberSign, head, at);
      state.number = toNumber(head.slice(at, after));
      at = after;
    } else if (closers.has(sign)) {
      open.push(closers.get(sign) ?? '');
      at += 1;
    } else if (endOf(joint, head, at) > at) {
      at = endOf(joint, head, at);
      state.isJoined = true;
    } else if (endOf(gap, head, at) > at) at = endOf(gap, head, at);
    else return dash;
  }
  if (dash !== null && !state.isTimed) return dash;
  // The paragraph or its first line has ended, or 200 characters are read.
  if (at >= head.length && length > head.length) return null;
  const isBare = !state.isJoined && open.length === 0;
  return state.isTimed || isBare ? { mark: at, rest: endOf(spaces, head, at), expectsMore: !state.isTimed } : null;
}

/** Returns the end of a mark with a clock time but without a sign: "Updated at 3:45 p.m. ET. The …"
 *  or "Updated 3:45 p.m. ET with …". */
function endInSentence(head: string, at: number, closing: string, state: State, length: number): MarkEnd | null {
  if (state.hour === null || closing !== '') return null;
  const before = head.slice(0, at).trimEnd();
  const isNewSentence = before.endsWith('.') && !/[ap]\.? ?m\.$/i.test(before) && /^\p{Lu}/u.test(head.slice(at, at + 2));
  const isReason = length <= 240 && /^(?:with|to|after)(?= )/i.test(head.slice(at, at + 6));
  return isNewSentence || isReason ? toEnd(head, before.length - (isNewSentence ? 1 : 0), at, false) : null;
}

function toEnd(head: string, mark: number, rest: number, expectsMore: boolean): MarkEnd {
  return { mark, rest: endOf(spaces, head, rest), expectsMore };
}

/** Reads one day, clock time or zone into `state`. Returns the index after it, or `at` when there
 *  is none. */
function readTime(head: string, at: number, state: State): number {
  const day = state.day === null ? readDay(head, at) : null;
  if (day !== null) {
    [state.day, state.isTimed] = [day.value, true];
    return day.end;
  }
  const clock = state.hour === null ? readClock(head, at) : null;
  if (clock !== null) {
    [state.hour, state.minute, state.isTimed] = [clock.value.hour, clock.value.minute, true];
    return clock.end;
  }
  // Before a clock time, only unmistakable names of zones are read: "北京时间15:45".
  const zone = state.zone === null && (state.hour !== null || /\p{Lo}/u.test(head[at] ?? '')) ? readZone(head, at) : null;
  if (zone === null) return at;
  state.zone = zone.value;
  return zone.end;
}

const words: readonly string[] = [
  "(?:update|correction) (?:and|&) (?:correction|clarification)|(?:(?:second|third|fourth|fifth|further|final|late) )?updated?|upd|correction|corrected|clarification|erratum|retraction|addendum|(?:editor'?s?'?|editors'?|editorial|ed\\.) note",
  'aktualisierung|aktualisiert|korrektur|korrigiert|richtigstellung|berichtigung|klarstellung|nachtrag|ergänzung|(?:anmerkung|anm\\.|hinweis) der (?:redaktion|red\\.)|anm\\. ?d\\. ?red\\.',
  "mise? [àa] jour|mis à jour|màj|maj|actualis(?:é|ation)|corrigé|rectificatif|rectification|précision|note de (?:la rédaction|l'éditeur|la rédac)|ndlr|n\\.d\\.l\\.r\\.",
  'actualizaci[óo]n|actualizado|correcci[óo]n|corregido|rectificación|aclaración|nota (?:del editor|de la editora|de la redacción)|fe de err(?:ores|atas)',
  'aggiornamento|aggiornato|correzione|rettifica|errata corrige|precisazione|nota (?:della redazione|del direttore)|ndr|n\\.d\\.r\\.',
  'atualiza(?:ção|cao)|actualização|at?ualizado|correção|correcção|corrigido|retificação|errata|esclarecimento|nota (?:do editor|da reda(?:c)?ção)',
  'bijgewerkt|geactualiseerd|correctie|gecorrigeerd|rectificatie|verduidelijking|aanvulling|naschrift|noot van de redact(?:ie|eur)',
  'uppdatering|uppdatera[dt]|rättelse|korrigering|förtydligande|redaktionens (?:kommentar|anmärkning)',
  'oppdatering|oppdatert|opdatering|opdateret|rettelse|rettet|presisering|præcisering|red\\. ?anm\\.|redaktionens bemærkning|redaksjonens merknad',
  'aktualizacja|zaktualizowano|korekta|sprostowanie|wyjaśnienie|od redakcji|uwaga redakcji',
  'обновление|обновлено|дополнение|дополнено|исправление|исправлено|уточнение|поправка|от редакции|примечание редакции|прим\\. ред\\.',
];
/** These words are written without spaces, so no word boundary ends them. The signs after them are
 *  as restricted as elsewhere. */
const eastWords =
  '追記|追加|更新|訂正|補足|編集部?注|编者[注按]|編者[註注按]|编注|更正|勘误|勘誤|补充|업데이트|추가|수정|정정|갱신|편집자 ?주';
const markWord = new RegExp(`(?:(?:${words.join('|')})(?![\\p{L}\\p{M}\\p{N}'_]|-\\p{L}|\\.\\p{L})|${eastWords})`, 'iuy');

const weekdays =
  '(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica';
const joints =
  "at|on|as of|of|@|from|today|tonight|this (?:morning|afternoon|evening)|à|a las|le|du|de|del|delle|das|den|der|vom|von|am|um|om|kl|klo|godz|alle ore|alle|ore|às|as|o|il|el|em|op|på|dnia|z dnia|в|от|d|heute|hoy|oggi|aujourd'hui|local(?: time)?|hora local|heure locale|ortszeit|hrs|hours|uhr|uur|г|года|r|hora";
const joint = new RegExp(`(?:${joints}|${weekdays})(?![\\p{L}\\p{M}\\p{N}'])|に(?= |[\\])】:]|$)`, 'iuy');

const closers = new Map([
  ['(', ')'],
  ['[', ']'],
  ['【', '】'],
  ['〔', '〕'],
]);
/** Signs before the word except quotation marks: bullets, stars, arrows, pictures. */
const decoration = /[^\p{L}\p{N}[(【〔"'“”„«»‹›‘「『<-]{0,10}/uy;
const spaces = /\s*/y;
const gap = /[ ,.|/·~、，。;]+/y;
const dashSign = /[–—―]+ ?|-{1,3}(?: |(?=\p{Lu}))/uy;
const closingSigns = / ?[:–—-]?/y;
const numberSign = /(?:[#№] ?|n(?:o|r)\.? ?|n[°º] ?)?\d{1,3}(?![\d\p{L}]|[.,:]\d)|[IVX]{1,4}(?!\p{L})/uy;
/** Reuters' remark in brackets about the changes of a version, in a paragraph of its own. */
const wireRemark =
  /^\((?:(?:corrects|updates|recasts|refiles|adds) |(?:updated|corrected) (?:with|to) )[^()]{3,}\)$|^\[(?:updated|corrected) (?:with|to) [^[\]]{3,}\]$/i;

/** Returns the index after a sticky pattern's match at `at`; `at` itself when there is no match. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null ? at : at + found[0].length;
}

/** Replaces full-width signs and curly apostrophes by plain ones. Every character keeps its
 *  index. */
function toScannable(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[’‘ʼ]/g, "'")
    .replace(/[\u00A0\u2007\u202F\u3000]/g, ' ');
}

function toNumber(sign: string): number {
  const digits = /\d+/.exec(sign);
  if (digits !== null) return Number(digits[0]);
  const romans = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X'];
  return romans.indexOf(sign) + 1;
}

function shorten(mark: string): string {
  return mark.length <= 80 ? mark : `${mark.slice(0, 79).trimEnd()}…`;
}
