/** How numbers and dates are written. A worker keeps the first: it gives numbers, not texts. */
let locale = "en";
let decimalSign = ".";

/** @param language as in `<html lang>` */
export function writeNumbersIn(language: string): void {
  locale = language;
  decimalSign = new Intl.NumberFormat(language).formatToParts(1.5).find(({ type }) => type === "decimal")?.value ?? ".";
}

export function numberLocale(): string {
  return locale;
}

/** "0.5" → "0,5" where that is how it is written. */
export function withDecimalSign(text: string): string {
  return decimalSign === "." ? text : text.replace(".", decimalSign);
}
