/*
 * What C made by wasm2c asks of its runtime, for a program that measures and does nothing else: a
 * memory at a fixed address without bounds checks, and traps that end the program. MEM_BASE is
 * given when a module is compiled (bench/micro/native.ts puts it into the generated text).
 */
#ifndef WASM_RT_H_
#define WASM_RT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WASM_RT_MEMCHECK_GUARD_PAGES 1
#define WASM_RT_C11_AVAILABLE 1
#define WASM_RT_USE_SEGUE 0
#define WASM_RT_STACK_DEPTH_COUNT 0

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define wasm_rt_memcpy __builtin_memcpy
#define wasm_rt_unreachable __builtin_unreachable
#define wasm_rt_trap(reason) abort()
#define wasm_rt_is_initialized() 1

typedef enum { WASM_RT_I32, WASM_RT_I64, WASM_RT_F32, WASM_RT_F64, WASM_RT_V128 } wasm_rt_type_t;

typedef void (*wasm_rt_function_ptr_t)(void);
typedef const char *wasm_rt_func_type_t;
typedef struct {
	void (*fn)(void **instance, void *stack, void *next);
} wasm_rt_tailcallee_t;

typedef struct {
	wasm_rt_func_type_t func_type;
	wasm_rt_function_ptr_t func;
	wasm_rt_tailcallee_t func_tailcallee;
	void *module_instance;
} wasm_rt_funcref_t;

typedef void *wasm_rt_externref_t;

static const wasm_rt_funcref_t wasm_rt_funcref_null_value;
static const wasm_rt_externref_t wasm_rt_externref_null_value;

typedef struct {
	uint8_t *data;
	uint64_t pages, max_pages, size;
	bool is64;
} wasm_rt_memory_t;

/* No module here shares its memory; the generated prelude names the type all the same. */
typedef wasm_rt_memory_t wasm_rt_shared_memory_t;

typedef struct {
	wasm_rt_funcref_t *data;
	uint32_t max_size, size;
} wasm_rt_funcref_table_t;

typedef struct {
	wasm_rt_externref_t *data;
	uint32_t max_size, size;
} wasm_rt_externref_table_t;

#endif
