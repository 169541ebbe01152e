/*
 * The observed program of the live benchmark: opens, reads and closes a file on one CPU for so many
 * seconds, as fast as it can or at a given pace, and prints what it did as JSON.
 *
 *   loop SECONDS CPU [EVENTS_PER_SECOND]
 *
 * It says "ready" and waits for a line on standard input before it starts, so that its observer can
 * be there first.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void one_round(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, &byte, 1) < 0)
		exit(1);
	close(fd);
}

int main(int argc, char **argv)
{
	static const char path[] = "/etc/hostname";
	const uint64_t seconds = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	const int cpu = argc > 2 ? atoi(argv[2]) : 0;
	const uint64_t rate = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	cpu_set_t set;
	char line[16];

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	puts("ready");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;

	const uint64_t start = now_ns(), end = start + seconds * 1000000000ull;
	uint64_t rounds = 0, now = start;

	/* the clock is read every 64 rounds only, and a pace is kept over the same stretch */
	while (now < end) {
		for (int i = 0; i < 64; i++)
			one_round(path);
		rounds += 64;
		now = now_ns();
		while (rate && now < end && (now - start) * rate / 1000000000ull < rounds * 3)
			now = now_ns();
	}
	printf("{\"rounds\":%llu,\"events\":%llu,\"ns\":%llu}\n", (unsigned long long)rounds,
	       (unsigned long long)rounds * 3, (unsigned long long)(now - start));
	return 0;
}
