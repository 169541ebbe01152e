/*
 * Engine and one pack as native code: both modules translated by wasm2c, over the same windows that
 * the agent maps. Replays recorded blocks so many times, each time later by PERIOD ns, and prints
 * how long it took as JSON.
 *
 *   whole DIRECTORY ROUNDS PERIOD
 *
 * The directory has: schema, lists and events (blocks for the replay window), times (offsets in
 * events, u32 each), and where there is a pack, data (for PACK_DATA_BASE) and types (event codes,
 * u16 each).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine.h"
#include "map.h"
#ifdef PACK
#include "pack.h"
#endif

struct w2c_host {
	uint64_t matches;
	uint64_t rules;
};

static wasm_rt_memory_t memories[2];
static wasm_rt_funcref_t functions[PACK_TABLE_BASE + 1];
static wasm_rt_funcref_table_t table = {functions, PACK_TABLE_BASE + 1, PACK_TABLE_BASE + 1};

wasm_rt_memory_t *w2c_env_memory(struct w2c_env *env)
{
	return (wasm_rt_memory_t *)env;
}

wasm_rt_funcref_table_t *w2c_env_table(struct w2c_env *env)
{
	(void)env;
	return &table;
}

void w2c_host_onContainer(struct w2c_host *host, u32 address, u32 length)
{
	(void)host, (void)address, (void)length;
}

u32 w2c_host_onProcess(struct w2c_host *host, u32 pid, u32 address, u32 length)
{
	(void)host, (void)pid, (void)address, (void)length;
	return 0;
}

void w2c_host_onMatch(struct w2c_host *host, u32 pack, u32 count)
{
	(void)pack;
	host->matches++;
	host->rules += count;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void map(uintptr_t base, uint64_t at, uint64_t bytes, int fd)
{
	const int kind = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	const int flags = MAP_FIXED | MAP_NORESERVE | kind;

	if (mmap((void *)(base + at), bytes, PROT_READ | PROT_WRITE, flags, fd, 0) == MAP_FAILED)
		fail("mmap");
}

static int window(const char *name, uint64_t bytes)
{
	const int fd = memfd_create(name, 0);

	if (fd < 0 || ftruncate(fd, (off_t)bytes) != 0)
		fail(name);
	return fd;
}

/* Reads a whole file of the directory to `at`; returns its length. */
static u32 get(const char *directory, const char *name, uintptr_t at)
{
	char path[4096];
	u32 length = 0;
	ssize_t more;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	const int fd = open(path, O_RDONLY);
	if (fd < 0)
		fail(path);
	while ((more = read(fd, (char *)at + length, 1 << 24)) > 0)
		length += (u32)more;
	close(fd);
	return length;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void replay(w2c_engine *engine, u32 start, u32 length)
{
	for (u32 at = start; at < start + length;) {
		const u32 done = w2c_engine_replay(engine, REPLAY_BASE + at, start + length - at);

		if (done == 0)
			exit(2);
		at += done;
	}
}

/* Makes every event later. */
static void postpone(const char *directory, uint64_t period)
{
	static u32 times[REPLAY_BYTES_MAX / 32];
	static u32 count;
	uint64_t time;

	if (count == 0)
		count = get(directory, "times", (uintptr_t)times) / sizeof(*times);
	for (u32 i = 0; i < count; i++) {
		char *const at = (char *)ENGINE_BASE + REPLAY_BASE + times[i];

		memcpy(&time, at, sizeof(time));
		time += period;
		memcpy(at, &time, sizeof(time));
	}
}

static void make_memories(void)
{
	static const uintptr_t bases[2] = {ENGINE_BASE, PACK_BASE};
	const int state = window("state", STATE_BYTES_MAX);
	const int blocks = window("replay", REPLAY_BYTES_MAX);

	for (int i = 0; i < 2; i++) {
		const uint64_t size = (uint64_t)MEMORY_PAGES * WASM_PAGE_BYTES;

		map(bases[i], 0, size, -1);
		map(bases[i], STATE_BASE, STATE_BYTES_MAX, state);
		map(bases[i], REPLAY_BASE, REPLAY_BYTES_MAX, blocks);
		memories[i].data = (uint8_t *)bases[i];
		memories[i].pages = memories[i].max_pages = MEMORY_PAGES;
		memories[i].size = size;
	}
}

#ifdef PACK
static void add_pack(const char *directory, w2c_engine *engine, w2c_pack *pack)
{
	static uint16_t types[65536];
	const u32 count = get(directory, "types", (uintptr_t)types) / 2;

	get(directory, "data", PACK_BASE + PACK_DATA_BASE);
	wasm2c_pack_instantiate(pack, (struct w2c_env *)&memories[1]);
	w2c_pack_init(pack);
	functions[PACK_TABLE_BASE] = (wasm_rt_funcref_t){
		wasm2c_engine_get_func_type(EVALUATE_TYPE),
		(wasm_rt_function_ptr_t)w2c_pack_evaluate, {0}, pack};
	for (u32 i = 0; i < count; i++)
		w2c_engine_subscribe(engine, 0, types[i]);
	w2c_engine_setPack(engine, 0, 1);
}
#endif

int main(int argc, char **argv)
{
	static w2c_engine engine;
	static struct w2c_host host;
	const char *directory = argv[1];
	const int rounds = argc > 2 ? atoi(argv[2]) : 5;
	const uint64_t period = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;

	make_memories();
	wasm2c_engine_instantiate(&engine, (struct w2c_env *)&memories[0], &host);
	if (w2c_engine_layOut(&engine, TABLE_SIZES) != 0)
		return 3;
	const u32 schema = get(directory, "schema", ENGINE_BASE + REPLAY_BASE);

	w2c_engine_loadSchema(&engine, REPLAY_BASE, schema);
#ifdef PACK
	static w2c_pack pack;

	add_pack(directory, &engine, &pack);
#endif
	const u32 length = get(directory, "events", ENGINE_BASE + REPLAY_BASE);
	const u32 lists = get(directory, "lists", ENGINE_BASE + REPLAY_BASE + length);

	printf("{\"ns\":[");
	for (int round = 0; round < rounds; round++) {
		postpone(directory, period);
		replay(&engine, length, lists);
		const uint64_t start = now_ns();

		replay(&engine, 0, length);
		printf("%s%llu", round == 0 ? "" : ",", (unsigned long long)(now_ns() - start));
	}
	printf("],\"matches\":%llu,\"rules\":%llu}\n", (unsigned long long)host.matches,
	       (unsigned long long)host.rules);
	return 0;
}
