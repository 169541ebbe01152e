/*
 * The loops of the micro benchmark as native code, over a copy of the memory that the WebAssembly
 * module works in. Prints ns per value for each loop as JSON, best of several stretches.
 *
 *   loops MEMORY LIST STRETCH_NS STRETCHES NAME=COUNT=OPERAND ...
 *
 * MEMORY is a file of (u32 address, u32 length, bytes) pieces; LIST is the address of the lists of
 * values, which lie LIST_BYTES apart in the order of the loops.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

#include "loops.h"
#include "map.h"

static wasm_rt_memory_t memory = {(uint8_t *)BASE, MEMORY_PAGES, MEMORY_PAGES, MEMORY_BYTES, false};

wasm_rt_memory_t *w2c_env_memory(struct w2c_env *env)
{
	(void)env;
	return &memory;
}

static const struct {
	const char *name;
	u32 (*run)(w2c_loops *, u32 list, u32 count, u32 operand);
} loops[] = {
#define LOOP(name) {#name, w2c_loops_##name},
	LOOPS
};

static void fill(const char *path)
{
	FILE *file = fopen(path, "rb");
	u32 piece[2];

	if (!file)
		exit(1);
	while (fread(piece, sizeof(piece), 1, file) == 1) {
		if (fread((char *)BASE + piece[0], 1, piece[1], file) != piece[1])
			exit(2);
	}
	fclose(file);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

int main(int argc, char **argv)
{
	static w2c_loops module;
	const u32 list = (u32)strtoul(argv[2], NULL, 10);
	const uint64_t stretch_ns = strtoull(argv[3], NULL, 10);
	const int stretches = atoi(argv[4]);

	if (mmap((void *)BASE, MEMORY_BYTES, PROT_READ | PROT_WRITE,
		 MAP_FIXED | MAP_NORESERVE | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		return 1;
	wasm2c_loops_instantiate(&module, NULL);
	w2c_loops_start(&module);
	if (w2c_loops_makeThreads(&module, THREADS) != 0)
		return 3;
	fill(argv[1]);
	printf("[");
	for (int i = 0; i + 5 < argc; i++) {
		const u32 count = (u32)strtoul(strchr(argv[i + 5], '=') + 1, NULL, 10);
		const u32 operand = (u32)strtoul(strrchr(argv[i + 5], '=') + 1, NULL, 10);
		double best = 1e18;
		u32 hits = 0;

		for (int stretch = 0; stretch < stretches; stretch++) {
			const uint64_t start = now_ns();
			uint64_t end = start, calls = 0;

			for (; end < start + stretch_ns; end = now_ns()) {
				for (int k = 0; k < 16; k++)
					hits = loops[i].run(&module, list + (u32)i * LIST_BYTES, count, operand);
				calls += 16;
			}
			const double each = (double)(end - start) / (double)(calls * count);
			best = each < best ? each : best;
		}
		printf("%s{\"ns\":%.4f,\"hits\":%u}", i == 0 ? "" : ",", best, hits);
	}
	printf("]\n");
	return 0;
}
