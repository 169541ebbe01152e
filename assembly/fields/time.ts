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

/** Seconds with as many decimals as it takes, and "s". */
export function appendSeconds(ns: u64): void {
  Scratch.unsigned(ns / NS_PER_SECOND);
  let rest = ns % NS_PER_SECOND;
  if (rest != 0) {
    let width: u32 = 9;
    for (; rest % 10 == 0; rest /= 10) width--;
    Scratch.byte(0x2e);
    Scratch.padded(rest, width);
  }
  Scratch.byte(0x73);
}
