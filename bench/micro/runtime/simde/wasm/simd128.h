/*
 * The vector operations that Lanner's modules use, as SSE2. The prelude of wasm2c names many more:
 * those are declared, and a module that really calls one does not link.
 */
#ifndef LANNER_SIMD128_H
#define LANNER_SIMD128_H

#include <emmintrin.h>
#include <stdint.h>

typedef __m128i simde_v128_t;

static inline simde_v128_t simde_wasm_v128_load(const void *at)
{
	return _mm_loadu_si128(at);
}

static inline void simde_wasm_v128_store(void *at, simde_v128_t value)
{
	_mm_storeu_si128(at, value);
}

#define simde_wasm_i8x16_const(...) _mm_setr_epi8(__VA_ARGS__)
#define simde_wasm_i32x4_const(...) _mm_setr_epi32(__VA_ARGS__)
#define simde_wasm_i64x2_make(a, b) _mm_set_epi64x(b, a)
#define simde_wasm_i8x16_splat(byte) _mm_set1_epi8((char)(byte))
#define simde_wasm_i8x16_eq(a, b) _mm_cmpeq_epi8(a, b)
#define simde_wasm_i8x16_add(a, b) _mm_add_epi8(a, b)
#define simde_wasm_i8x16_sub(a, b) _mm_sub_epi8(a, b)
#define simde_wasm_u8x16_lt(a, b) _mm_andnot_si128(_mm_cmpeq_epi8(a, b), simde_wasm_u8x16_le(a, b))
#define simde_wasm_u8x16_le(a, b) _mm_cmpeq_epi8(_mm_min_epu8(a, b), a)
#define simde_wasm_u8x16_max(a, b) _mm_max_epu8(a, b)
#define simde_wasm_u8x16_min(a, b) _mm_min_epu8(a, b)
#define simde_wasm_i8x16_bitmask(a) ((uint32_t)_mm_movemask_epi8(a))
#define simde_wasm_v128_and(a, b) _mm_and_si128(a, b)
#define simde_wasm_v128_or(a, b) _mm_or_si128(a, b)
#define simde_wasm_v128_xor(a, b) _mm_xor_si128(a, b)
#define simde_wasm_v128_andnot(a, b) _mm_andnot_si128(b, a)
#define simde_wasm_v128_any_true(a) \
	(_mm_movemask_epi8(_mm_cmpeq_epi8(a, _mm_setzero_si128())) != 0xffff)

#define DECLARED(name) simde_v128_t simde_wasm_##name(const void *at)
DECLARED(v128_load8_splat);
DECLARED(v128_load16_splat);
DECLARED(v128_load32_splat);
DECLARED(v128_load64_splat);
DECLARED(i16x8_load8x8);
DECLARED(u16x8_load8x8);
DECLARED(i32x4_load16x4);
DECLARED(u32x4_load16x4);
DECLARED(i64x2_load32x2);
DECLARED(u64x2_load32x2);
DECLARED(v128_load32_zero);
DECLARED(v128_load64_zero);
#undef DECLARED

#define DECLARED(size)                                                                    \
	simde_v128_t simde_wasm_v128_load##size##_lane(const void *at, simde_v128_t, int); \
	void simde_wasm_v128_store##size##_lane(void *at, simde_v128_t, int)
DECLARED(8);
DECLARED(16);
DECLARED(32);
DECLARED(64);
#undef DECLARED

#endif
