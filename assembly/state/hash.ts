/** Hashes of the state tables. Multiplicative: keys are small numbers, not chosen by a stranger. */
export class Hash {
  @inline static of(key: u64): u32 {
    return <u32>((key * 0x9e37_79b9_7f4a_7c15) >> 32);
  }
  /** Of a descriptor: its owner's entry address and its number. */
  @inline static ofDescriptor(owner: u32, fd: i64): u32 {
    return Hash.of(((<u64>owner) << 24) ^ <u64>fd);
  }
  /** FNV-1a, for texts, which are looked up only when a process starts. */
  static ofBytes(address: usize, length: u32): u32 {
    let hash: u32 = 0x811c_9dc5;
    for (let i: u32 = 0; i < length; i++) {
      hash = (hash ^ load<u8>(address + i)) * 0x0100_0193;
    }
    return hash;
  }
}
