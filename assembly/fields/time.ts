/** Times as text, in UTC: an accessor does not know the time zone of the host. */
import { Scratch } from "./scratch";

const NS_PER_SECOND: u64 = 1_000_000_000;
const SECONDS_PER_DAY: u64 = 86_400;
/** Days from 1 March of the year 0 to 1 January 1970. */
const DAYS_BEFORE_EPOCH: u64 = 719_468;
const DAYS_PER_400_YEARS: u64 = 146_097;

/** `YYYY-MM-DD HH:MM:SS.nnnnnnnnn`. */
export function appendDate(ns: u64): void {
  appendDay(ns);
  Scratch.byte(0x20);
  appendClock(ns);
  appendFraction(ns);
}

/** `HH:MM:SS`. */
export function appendClock(ns: u64): void {
  const ofDay = (ns / NS_PER_SECOND) % SECONDS_PER_DAY;
  Scratch.padded(ofDay / 3600, 2);
  Scratch.byte(0x3a);
  Scratch.padded((ofDay / 60) % 60, 2);
  Scratch.byte(0x3a);
  Scratch.padded(ofDay % 60, 2);
}

/** `.nnnnnnnnn`. */
export function appendFraction(ns: u64): void {
  Scratch.byte(0x2e);
  Scratch.padded(ns % NS_PER_SECOND, 9);
}

/** `YYYY-MM-DD`. Years are counted from March, so that the leap day is the last of its year. */
export function appendDay(ns: u64): void {
  const days = ns / NS_PER_SECOND / SECONDS_PER_DAY + DAYS_BEFORE_EPOCH;
  const era = days / DAYS_PER_400_YEARS;
  const ofEra = days % DAYS_PER_400_YEARS;
  const year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
  const ofYear = ofEra - (365 * year + year / 4 - year / 100);
  const march = (5 * ofYear + 2) / 153;
  const month = march < 10 ? march + 3 : march - 9;
  Scratch.padded(year + era * 400 + (month <= 2 ? 1 : 0), 4);
  Scratch.byte(0x2d);
  Scratch.padded(month, 2);
  Scratch.byte(0x2d);
  Scratch.padded(ofYear - (153 * march + 2) / 5 + 1, 2);
}

/** Digits that a number of seconds is shown with; from 10^6 seconds on it has an exponent. */
const DIGITS: u32 = 6;

/** Seconds as `%lg` prints them, and "s": six digits without zeros at the end. */
export function appendSeconds(ns: u64): void {
  if (ns == 0) {
    Scratch.ascii("0s");
    return;
  }
  let digits = <u32>0;
  for (let rest = ns; rest != 0; rest /= 10) digits++;
  // Rounded to six digits, a tie to the even one; what lies between two decimals is not exact in
  // binary, but no count of nanoseconds below 2^53 is so close to a tie that it would show.
  let value = ns;
  if (digits > DIGITS) {
    let unit: u64 = 1;
    for (let i = DIGITS; i < digits; i++) unit *= 10;
    const below = value % unit;
    value -= below;
    if (below > unit / 2 || (below == unit / 2 && ((value / unit) & 1) != 0)) value += unit;
    if (value / unit == 1_000_000) digits++;
  }
  // Place of the first digit: 10^exponent seconds.
  const exponent = <i32>digits - 10;
  let zeros: u32 = 0;
  for (; value % 10 == 0; value /= 10) zeros++;
  appendFloating(value, exponent, digits - zeros);
  Scratch.byte(0x73);
}

/** `value` has `digits` digits, the first of which counts 10^exponent. */
function appendFloating(value: u64, exponent: i32, digits: u32): void {
  if (exponent >= -4 && exponent < <i32>DIGITS) return appendFixed(value, exponent, digits);
  let unit: u64 = 1;
  for (let i: u32 = 1; i < digits; i++) unit *= 10;
  Scratch.unsigned(value / unit);
  if (digits > 1) {
    Scratch.byte(0x2e);
    Scratch.padded(value % unit, digits - 1);
  }
  Scratch.byte(0x65);
  Scratch.byte(exponent < 0 ? 0x2d : 0x2b);
  Scratch.padded(<u64>(exponent < 0 ? -exponent : exponent), 2);
}

function appendFixed(value: u64, exponent: i32, digits: u32): void {
  if (exponent < 0) {
    Scratch.ascii("0.");
    Scratch.padded(value, digits - 1 - exponent);
    return;
  }
  const whole = <u32>exponent + 1;
  if (digits <= whole) {
    for (let i = digits; i < whole; i++) value *= 10;
    return Scratch.unsigned(value);
  }
  let unit: u64 = 1;
  for (let i = whole; i < digits; i++) unit *= 10;
  Scratch.unsigned(value / unit);
  Scratch.byte(0x2e);
  Scratch.padded(value % unit, digits - whole);
}
