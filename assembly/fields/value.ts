/**
 * Where an accessor leaves what it found. An accessor returns whether the value is there; text,
 * bytes and addresses go to `address` and `length`, numbers, booleans and times to `number`.
 */
export class Value {
  static address: usize = 0;
  static length: u32 = 0;
  static number: u64 = 0;

  @inline static text(address: usize, length: u32): bool {
    Value.address = address;
    Value.length = length;
    return true;
  }
  @inline static integer(number: i64): bool {
    Value.number = <u64>number;
    return true;
  }
  @inline static truth(value: bool): bool {
    Value.number = value ? 1 : 0;
    return true;
  }
}
