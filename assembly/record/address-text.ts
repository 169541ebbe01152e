/** Network addresses as inet_ntop prints them. Each function writes at `to` and returns the end. */
const COLON: u8 = 58;
const DOT: u8 = 46;

/** The longest address text: an IPv6 one that ends in an IPv4 one. */
export const ADDRESS_TEXT_BYTES_MAX: u32 = 45;

export function ipv4Text(to: usize, address: usize): usize {
  for (let i: usize = 0; i < 4; i++) {
    if (i != 0) store<u8>(to++, DOT);
    to = decimal(to, load<u8>(address + i));
  }
  return to;
}

export function ipv6Text(to: usize, address: usize): usize {
  const run = longestZeroRun(address);
  const start = run >> 8;
  const length = run & 255;
  for (let i: u32 = 0; i < 8; i++) {
    if (length >= 2 && i >= start && i < start + length) {
      if (i == start) store<u8>(to++, COLON);
      continue;
    }
    if (i != 0) store<u8>(to++, COLON);
    if (i == 6 && start == 0 && endsInIpv4(address, length)) return ipv4Text(to, address + 12);
    to = hex(to, word(address, i));
  }
  if (length >= 2 && start + length == 8) store<u8>(to++, COLON);
  return to;
}

/** `::a.b.c.d` and `::ffff:a.b.c.d`. */
function endsInIpv4(address: usize, zeros: u32): bool {
  return zeros == 6 || (zeros == 5 && word(address, 5) == 0xffff);
}

function word(address: usize, index: u32): u32 {
  return <u32>bswap<u16>(load<u16>(address + (<usize>index << 1)));
}

/** First of the longest runs of zero words: start << 8 | length. */
function longestZeroRun(address: usize): u32 {
  let best: u32 = 0;
  let bestStart: u32 = 0;
  let length: u32 = 0;
  for (let i: u32 = 0; i < 8; i++) {
    length = word(address, i) == 0 ? length + 1 : 0;
    if (length > best) {
      best = length;
      bestStart = i + 1 - length;
    }
  }
  return (bestStart << 8) | best;
}

function decimal(to: usize, value: u32): usize {
  if (value >= 100) store<u8>(to++, 48 + value / 100);
  if (value >= 10) store<u8>(to++, 48 + ((value / 10) % 10));
  store<u8>(to++, 48 + (value % 10));
  return to;
}

function hex(to: usize, value: u32): usize {
  let shift = 12;
  while (shift > 0 && value >> shift == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) {
    const digit = (value >> shift) & 15;
    store<u8>(to++, digit < 10 ? 48 + digit : 87 + digit);
  }
  return to;
}
