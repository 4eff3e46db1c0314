const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const periodMs: Readonly<Record<string, number>> = {
  hourly: 3_600_000,
  daily: 86_400_000,
  weekly: 604_800_000,
  monthly: 2_592_000_000,
  yearly: 31_536_000_000,
};

/** Returns a period divided by its frequency, in milliseconds (RSS 1.0 syndication module); null
 *  when the period is missing or unknown. */
export function toInterval(period: string | null, frequency: string | null): number | null {
  const whole = periodMs[period?.toLowerCase() ?? ''];
  return whole === undefined ? null : whole / Math.max(1, toCount(frequency) ?? 1);
}

/** Returns hours from 0 to 23; 24 counts as midnight (RSS 0.91 counts from 1). */
export function toHours(texts: readonly (string | null)[]): number[] {
  return texts.flatMap((text) => {
    const hour = toCount(text);
    return hour === null || hour > 24 ? [] : hour % 24;
  });
}

/** Returns days of the week, 0 for Sunday; unknown names are left out. */
export function toDays(texts: readonly (string | null)[]): number[] {
  return [...new Set(texts.map((text) => days.indexOf(text?.toLowerCase() ?? '')).filter((day) => day >= 0))];
}

/** Returns a whole number of at most nine digits; null for any other text. */
export function toCount(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
