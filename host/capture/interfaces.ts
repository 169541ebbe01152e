import { BlockList, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import type { InterfaceEntry } from "../replay/entries.ts";

/** Addresses of this host's interfaces that are up. */
export function readHostInterfaces(): InterfaceEntry[] {
  const entries: InterfaceEntry[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { address, netmask } of addresses ?? []) {
      const [own, mask] = [addressBytes(address), addressBytes(netmask)];
      if (own === undefined || mask === undefined) continue;
      const four = own.length === 4;
      entries.push({
        name: Buffer.from(name),
        address: own,
        netmask: mask,
        broadcast: four ? own.map((byte, i) => byte | (~(mask[i] ?? 0) & 0xff)) : Buffer.alloc(16),
        linkSpeed: 0n,
      });
    }
  }
  return entries;
}

/** Network-order bytes of an address in text, 4 or 16; undefined when it is none. */
export function addressBytes(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split("."), Number);
  const plain = text.split("%")[0] ?? "";
  if (!plain.includes(":") || !isAddress(plain)) return undefined;
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain);
  const four = embedded?.[2] === undefined ? [] : [...(addressBytes(embedded[2]) ?? [])];
  const [head = "", tail] = (embedded?.[1]?.replace(/:$/, "") ?? plain).split("::");
  const before = groups(head);
  const after = [...(tail === undefined ? [] : groups(tail)), ...four];
  const zeros = Math.max(0, 16 - before.length - after.length);
  return Uint8Array.from([...before, ...new Array<number>(zeros).fill(0), ...after]);
}

function isAddress(text: string): boolean {
  try {
    new BlockList().addAddress(text, "ipv6");
    return true;
  } catch {
    return false;
  }
}

function groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
