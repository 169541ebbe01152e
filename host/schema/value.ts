/**
 * A rendered output field on its way from the engine to an alert. `null` is a missing value, a
 * bigint any integer of up to 64 bits, a number a double; addresses and bytes are text already.
 */
export type FieldValue = null | string | bigint | number | boolean | readonly string[];
