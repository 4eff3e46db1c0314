const DIGITS: ReadonlyMap<string, number> = new Map(Array.from('〇一二三四五六七八九').map((sign, value) => [sign, value] as const));
const OTHER_DIGITS: ReadonlyMap<string, number> = new Map([
  ['零', 0],
  ['两', 2],
  ['兩', 2],
]);
const SMALL: ReadonlyMap<string, number> = new Map([
  ['十', 10],
  ['百', 100],
  ['千', 1000],
]);
const LARGE: ReadonlyMap<string, number> = new Map([
  ['万', 1e4],
  ['萬', 1e4],
  ['亿', 1e8],
  ['億', 1e8],
  ['兆', 1e12],
]);

const SIGN = '[〇零一二三四五六七八九十百千万萬亿億兆两兩]';
/** A number in signs, or in digits before signs ("3.5億"). It has at least two signs, or a sign and
 *  a word that counts. A sign alone is part of many other words. */
const NUMBER = new RegExp(
  `\\d[\\d,.]{0,20}[十百千万萬亿億兆]{1,4}|${SIGN}{2,20}|${SIGN}(?=[年月日时時点點分秒人名円元岁歳個个件家次回届周号票匹头頭只隻艘条條张張位架辆台本册封座所间層层箱吨米種种组組枚杯軒頁页段]|ヶ月|%)`,
  'gu',
);
const SHARE = /百分之(\d[\d.]{0,20}|[〇零一二三四五六七八九十百点點]{1,12})/gu;
const TIME = /(午前|上午|早上|凌晨|午後|下午|晚上|傍晚)? {0,1}(\d{1,2}) {0,1}[时時点點](?:(半)|(\d{1,2}) {0,1}分?)?/gu;
const AFTERNOON = new Set(['午後', '下午', '晚上', '傍晚']);

/** Returns a Chinese or Japanese text with digits for its numbers, shares and times. "二十一" is 21,
 *  "500万" is 5000000, "百分之五" is 5 % and "午後4時" is 16:00. */
export function writeCjkNumbers(text: string): string {
  return text
    .replace(SHARE, (_, value: string) => `${readNumber(value)}%`)
    .replace(NUMBER, (number) => ` ${readNumber(number)} `)
    .replace(/パーセント/gu, '%')
    .replace(TIME, (all, part: string | undefined, hour: string, half: string | undefined, minute: string | undefined) => {
      if (part === undefined && half === undefined && minute === undefined && !/[时時]$/u.test(all)) return all;
      const hours = (part !== undefined && AFTERNOON.has(part) && Number(hour) < 12 ? 12 : 0) + Number(hour);
      return hours > 24 ? all : ` ${hours}:${half === undefined ? (minute ?? '0').padStart(2, '0') : '30'} `;
    });
}

/** Returns a number that signs or digits with signs write; unchanged when it is none. */
function readNumber(written: string): string {
  const signs = Array.from(written);
  // "二〇二六": signs as digits of a year.
  if (signs.length > 1 && signs.every((sign) => digitOf(sign) !== undefined)) return signs.map(digitOf).join('');
  let [total, section, digit] = [0, 0, null as number | null];
  let digits = '';
  for (const sign of [...signs, '']) {
    if (/^[\d.,]$/.test(sign)) {
      digits += sign;
      continue;
    }
    if (digits !== '') digit = Number(digits.replaceAll(',', ''));
    digits = '';
    const [value, small, large] = [digitOf(sign), SMALL.get(sign), LARGE.get(sign)];
    if (value !== undefined) digit = value;
    else if (small !== undefined) [section, digit] = [section + (digit ?? 1) * small, null];
    else if (large !== undefined)
      [total, section, digit] = [total + Math.max(section + (digit ?? 0), section === 0 && digit === null ? 1 : 0) * large, 0, null];
    else if (sign !== '') return written;
  }
  const number = total + section + (digit ?? 0);
  return Number.isFinite(number) ? String(number) : written;
}

function digitOf(sign: string): number | undefined {
  return DIGITS.get(sign) ?? OTHER_DIGITS.get(sign);
}
