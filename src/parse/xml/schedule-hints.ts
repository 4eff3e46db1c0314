const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const periodMs: Readonly<Record<string, number>> = {
  hourly: 3_600_000,
  daily: 86_400_000,
  weekly: 604_800_000,
  monthly: 2_592_000_000,
  yearly: 31_536_000_000,
};

/** Milliseconds of a period divided by how often in it (RSS 1.0 syndication module); null when no
 *  period is named. */
export function toInterval(period: string | null, frequency: string | null): number | null {
  const whole = periodMs[period?.toLowerCase() ?? ''];
  return whole === undefined ? null : whole / Math.max(1, toCount(frequency) ?? 1);
}

/** Hours from 0 to 23; 24 is midnight too (RSS 0.91 counts from 1). */
export function toHours(texts: readonly (string | null)[]): number[] {
  return texts.flatMap((text) => {
    const hour = toCount(text);
    return hour === null || hour > 24 ? [] : hour % 24;
  });
}

/** Days of the week, 0 for Sunday; what names none is left out. */
export function toDays(texts: readonly (string | null)[]): number[] {
  return [...new Set(texts.map((text) => days.indexOf(text?.toLowerCase() ?? '')).filter((day) => day >= 0))];
}

/** A whole number of at most nine digits; null for any other text. */
export function toCount(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
