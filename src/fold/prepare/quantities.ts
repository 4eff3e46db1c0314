import { LANGUAGE_WORDS, NUMBER_WORDS, ONLY_IN } from './number-words.ts';
import type { NumberWord } from './number-words.ts';

/** Most words that write one number ("two hundred and thirty-five thousand …"). */
const MAX_NUMBER = 12;
const PER_CENT: ReadonlySet<string> = new Set(['cent', 'ciento', 'cento']);
const PERCENT: ReadonlySet<string> = new Set(['%', 'percent', 'pct', 'prozent']);
/** Words between a number and its thousands or between two of its parts. */
const AND: ReadonlySet<string> = new Set(['and', 'et', 'y', 'und']);
const OF: ReadonlySet<string> = new Set(['de', 'di', 'of']);
/** Short scales after digits: "5bn". "5m" and "5k" are metres and others without a currency. */
const SHORT_SCALES: ReadonlyMap<string, number> = new Map([
  ['mn', 1e6],
  ['mln', 1e6],
  ['mlns', 1e6],
  ['bn', 1e9],
  ['md', 1e9],
  ['mds', 1e9],
]);
const PRICE_SCALES: ReadonlyMap<string, number> = new Map([
  ['k', 1000],
  ['m', 1e6],
]);
const HOUR_WORDS: ReadonlySet<string> = new Set(['uhr', 'h', 'heures', 'heure', "o'clock", 'horas', 'gmt', 'utc']);
const CLOCK = /^(\d{1,2})[:.](\d\d)$/;
const ORDINAL_ENDS: ReadonlySet<string> = new Set(['st', 'nd', 'rd', 'th', 'eme', 'er']);

/** Reports whether a word may begin a number, a time, an amount or a date. */
function mayBeQuantity(word: string): boolean {
  return isDigit(word) || (mayBeKnown[slotOf(word)] === 1 && NUMBER_WORDS.has(word));
}

/** Marks the slots of the words of numbers. Most other words are told apart by this, which is
 *  quicker than looking them up. */
const mayBeKnown = new Uint8Array(4096);
for (const word of NUMBER_WORDS.keys()) mayBeKnown[slotOf(word)] = 1;

function slotOf(word: string): number {
  return (word.length * 613 + word.charCodeAt(0) * 37 + word.charCodeAt(word.length - 1)) & 4095;
}

/** Returns words with each number, time, percentage, amount and date in one form, by value. So
 *  "5 per cent" is "5 %", and "May 4" is "4 May". "$5 million" is "5,000,000 dollars". */
export function writeByValue(words: readonly string[]): readonly string[] {
  const first = words.findIndex(mayBeQuantity);
  if (first < 0) return words;
  const reader = new QuantityReader(words);
  const written = words.slice(0, first);
  for (let at = first; at < words.length;) {
    const word = words[at] ?? '';
    if (mayBeQuantity(word)) at = reader.read(at, written);
    else {
      written.push(word);
      at++;
    }
  }
  return written;
}

class QuantityReader {
  readonly #words: readonly string[];
  #language: string | null = null;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** Reads what begins at a word, writes it, and returns the index of the next word. */
  read(at: number, written: string[]): number {
    const meaning = this.#meaningOf(at);
    if (meaning?.kind === 'month') return this.#readMonth(at, meaning.name, written);
    if (meaning?.kind === 'ordinal') return push(written, `${meaning.value}th`, at + 1);
    if (meaning?.kind === 'currency') return this.#readPrice(at, meaning.name, written);
    const time = this.#readTime(at, written);
    if (time !== null) return time;
    const number = this.#readNumber(at);
    if (number === null) return push(written, toPlain(this.#words[at] ?? ''), at + 1);
    return this.#readUnit(number.next, number.value, written);
  }

  /** Writes a number with its percent sign, currency or ordinal ending, or with the month after
   *  it. */
  #readUnit(at: number, value: string, written: string[]): number {
    const [word = '', next = ''] = [this.#words[at], this.#words[at + 1]];
    if (ORDINAL_ENDS.has(word)) {
      const month = this.#meaningOf(OF.has(next) ? at + 2 : at + 1);
      return push(written, month?.kind === 'month' ? value : `${value}th`, at + 1);
    }
    written.push(value);
    if (PERCENT.has(word)) return push(written, '%', at + 1);
    if ((word === 'per' || word === 'pour' || word === 'por') && PER_CENT.has(next)) return push(written, '%', at + 2);
    const from = OF.has(word) && value.endsWith('000') ? at + 1 : at;
    const currency = NUMBER_WORDS.get((this.#words[from] ?? '').replace(/^d'/, ''));
    return currency?.kind === 'currency' ? push(written, currency.name, from + 1) : at;
  }

  /** A sign or a name of a currency before a number stands behind it: "$5". */
  #readPrice(at: number, name: string, written: string[]): number {
    const number = isDigit(this.#words[at + 1] ?? '') ? this.#readNumber(at + 1, { isPrice: true }) : null;
    if (number === null) return push(written, this.#words[at] ?? '', at + 1);
    if (written.at(-1) === 'us') written.pop();
    written.push(number.value);
    return push(written, name, number.next);
  }

  /** "May 4" and "May 4th" are written as "4 May", short names in full. Without a number, a month's
   *  name is a word. */
  #readMonth(at: number, name: string, written: string[]): number {
    const day = this.#words[at + 1] ?? '';
    const isDay = /^\d{1,2}$/.test(day) && Number(day) <= 31;
    const isAfterNumber = /^\d+$/.test(written.at(-1) ?? '') || (OF.has(written.at(-1) ?? '') && /^\d+$/.test(written.at(-2) ?? ''));
    if (isAfterNumber) {
      if (this.#words[at - 1] === 'of') written.pop();
      return push(written, name, at + 1);
    }
    if (!isDay) return push(written, /^\d{4}$/.test(day) ? name : (this.#words[at] ?? ''), at + 1);
    written.push(toPlain(day), name);
    return ORDINAL_ENDS.has(this.#words[at + 2] ?? '') ? at + 3 : at + 2;
  }

  /** Writes a time with an hour word, "am" or "pm" as hours and minutes. */
  #readTime(at: number, written: string[]): number | null {
    const [word = '', next = '', after = ''] = [this.#words[at], this.#words[at + 1], this.#words[at + 2]];
    const clock = CLOCK.exec(word);
    const isHour = /^\d{1,2}$/.test(word);
    if (/^\d{4}$/.test(word) && (next === 'gmt' || next === 'utc')) return push(written, toClock(word.slice(0, 2), word.slice(2)), at + 1);
    if (!clock && !isHour) return null;
    const [hours = '', minutes = ''] = clock ? [clock[1], clock[2]] : [word, '00'];
    if (next === 'am' || next === 'pm') {
      const half = (Number(hours) % 12) + (next === 'pm' ? 12 : 0);
      return push(written, toClock(String(half), minutes), at + 2);
    }
    if (!HOUR_WORDS.has(next)) return clock && word.includes(':') ? push(written, toClock(hours, minutes), at + 1) : null;
    const isZone = next === 'gmt' || next === 'utc';
    if (isZone) return clock ? push(written, toClock(hours, minutes), at + 1) : null;
    if (Number(hours) > 24) return null;
    const hasMinutes = isHour && /^[0-5]\d$/.test(after);
    return push(written, toClock(hours, hasMinutes ? after : minutes), hasMinutes ? at + 3 : at + 2);
  }

  /** Reads a number in digits or words with its scales; null when none begins here. */
  #readNumber(from: number, { isPrice } = { isPrice: false }): { readonly value: string; readonly next: number } | null {
    let [total, current, at, read] = [0, 0, from, 0];
    const first = this.#words[from] ?? '';
    if (isDigit(first)) {
      const value = toPlain(first);
      const scale = this.#scaleAfter(from + 1, isPrice);
      if (scale === null || !/^\d+(?:\.\d+)?$/.test(value)) return { value, next: from + 1 };
      return { value: String(Number((Number(value) * scale.value).toPrecision(12))), next: scale.next };
    }
    for (; at < this.#words.length && at < from + MAX_NUMBER; at++) {
      const meaning = this.#meaningOf(at);
      const isJoined =
        read > 0 && AND.has(this.#words[at] ?? '') && this.#meaningOf(at + 1)?.kind === 'unit' && this.#isOpen(current, at + 1);
      if (isJoined) continue;
      if (meaning?.kind === 'unit') {
        if (read > 0 && !this.#isOpen(current, at)) break;
        current = meaning.value === 20 && current % 100 === 4 ? current + 76 : current + meaning.value;
      } else if (meaning?.kind === 'scale') {
        if (meaning.value === 100) {
          if (current >= 100) break;
          current = Math.max(1, current) * 100;
        } else {
          if (read > 0 && current === 0) break;
          total += Math.max(1, current) * meaning.value;
          current = 0;
        }
      } else break;
      read++;
    }
    return read === 0 ? null : { value: String(total + current), next: at };
  }

  /** Reports whether the unit at an index can follow a part of a number: "twenty" takes "one", and
   *  "soixante" takes "dix". */
  #isOpen(current: number, at: number): boolean {
    const unit = this.#meaningOf(at);
    if (unit?.kind !== 'unit') return false;
    if (current % 100 === 4 && unit.value === 20 && this.#languageOf() === 'fr') return true;
    const rest = current % 100;
    if (rest === 0) return true;
    if (unit.value < 10) return rest >= 20 && rest % 10 === 0;
    return unit.value < 20 && (rest === 60 || rest === 80) && this.#languageOf() === 'fr';
  }

  #scaleAfter(at: number, isPrice: boolean): { readonly value: number; readonly next: number } | null {
    const name = this.#words[at] ?? '';
    const isOfPrice = isPrice || NUMBER_WORDS.get(this.#words[at + 1] ?? '')?.kind === 'currency';
    const short = SHORT_SCALES.get(name) ?? (isOfPrice ? PRICE_SCALES.get(name) : undefined);
    if (short !== undefined) return { value: short, next: at + 1 };
    const word = NUMBER_WORDS.get(name);
    if (word?.kind !== 'scale' || word.value === 100) return null;
    const second = NUMBER_WORDS.get(this.#words[at + 1] ?? '');
    const isDouble = word.value === 1000 && second?.kind === 'scale' && second.value > 1000;
    return isDouble ? { value: 1000 * second.value, next: at + 2 } : { value: word.value, next: at + 1 };
  }

  #meaningOf(at: number): NumberWord | undefined {
    const word = this.#words[at] ?? '';
    const meaning = NUMBER_WORDS.get(word);
    if (meaning === undefined) return undefined;
    const only = ONLY_IN.get(word);
    if (only === undefined || only === this.#languageOf()) return meaning;
    return word === 'sept' ? { kind: 'month', name: 'september' } : undefined;
  }

  /** Returns the language whose frequent words are most in the text; '' when none is. */
  #languageOf(): string {
    return (this.#language ??= guessLanguage(this.#words));
  }
}

function guessLanguage(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words.slice(0, 200)) {
    const language = LANGUAGE_WORDS.get(word);
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** Returns a number in digits without separators of thousands, with a decimal point, without zeros
 *  that add nothing. A version, a date or a score stays as it is. */
function toPlain(written: string): string {
  const number = written.replaceAll(/[' ]/g, '');
  if (/^\d+$/.test(number)) return number.length > 2 ? number : String(Number(number));
  if (/^[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*$/.test(number)) return number.replaceAll(/[.,]/g, '');
  const both = /^(\d{1,3}(?:([.,])\d{3})+)[.,](\d+)$/.exec(number);
  if (both) return toDecimal((both[1] ?? '').replaceAll(/[.,]/g, ''), both[3] ?? '');
  const decimal = /^(\d{1,15})[.,](\d{1,15})$/.exec(number);
  return decimal ? toDecimal(decimal[1] ?? '', decimal[2] ?? '') : number;
}

function toDecimal(whole: string, part: string): string {
  const rest = part.replace(/0+$/, '');
  return rest === '' ? whole : `${whole}.${rest}`;
}

function toClock(hours: string, minutes: string): string {
  return `${Number(hours)}:${minutes.padStart(2, '0')}`;
}

function isDigit(word: string): boolean {
  const first = word.charCodeAt(0);
  return first >= 48 && first <= 57;
}

function push(written: string[], word: string, next: number): number {
  written.push(word);
  return next;
}
