/*
 * The observed program of the live benchmark: does the same thing on one CPU for so many seconds,
 * as fast as it can or at a given pace, and prints what it did as JSON. A round is
 *
 *   open      open, read and close of a file: three events
 *   exec      fork, exec of /bin/true, wait
 *   connect   socket, connect to itself on loopback, accept, and three closes
 *
 *   loop SECONDS CPU [EVENTS_PER_SECOND [open|exec|connect]]
 *
 * It says "ready" and waits for a line on standard input before it starts, so that its observer can
 * be there first.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void open_round(void)
{
	char byte;
	int fd = open("/etc/hostname", O_RDONLY);

	if (fd < 0 || read(fd, &byte, 1) < 0)
		exit(1);
	close(fd);
}

static void exec_round(void)
{
	const pid_t child = vfork();

	if (child == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	if (child < 0 || waitpid(child, NULL, 0) != child)
		exit(1);
}

static void connect_round(void)
{
	static struct sockaddr_in address = {.sin_family = AF_INET};
	static int listener = -1;
	/* no TIME_WAIT, or the ports run out */
	const struct linger reset = {1, 0};
	socklen_t size = sizeof(address);

	if (listener < 0) {
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		listener = socket(AF_INET, SOCK_STREAM, 0);
		if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 16) ||
		    getsockname(listener, (struct sockaddr *)&address, &size))
			exit(1);
	}
	const int client = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	if (connect(client, (struct sockaddr *)&address, size))
		exit(1);
	const int server = accept(listener, NULL, NULL);

	close(client);
	close(server);
}

static const struct workload {
	const char *name;
	void (*round)(void);
	/* rounds between two looks at the clock, and events that pace one round */
	int batch, events;
} workloads[] = {
	{"open", open_round, 64, 3},
	{"exec", exec_round, 1, 4},
	{"connect", connect_round, 8, 6},
};

int main(int argc, char **argv)
{
	const uint64_t seconds = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	const int cpu = argc > 2 ? atoi(argv[2]) : 0;
	const uint64_t rate = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	const char *name = argc > 4 ? argv[4] : "open";
	const struct workload *work = workloads;
	cpu_set_t set;
	char line[16];

	while (strcmp(work->name, name) != 0) {
		if (++work == workloads + sizeof(workloads) / sizeof(*workloads))
			return 2;
	}
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	puts("ready");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;

	const uint64_t start = now_ns(), end = start + seconds * 1000000000ull;
	const uint64_t per_round = (uint64_t)work->events;
	uint64_t rounds = 0, now = start;

	/* the clock is not read in each round, and a pace is kept over the same stretch */
	while (now < end) {
		for (int i = 0; i < work->batch; i++)
			work->round();
		rounds += (uint64_t)work->batch;
		now = now_ns();
		while (rate && now < end && (now - start) * rate / 1000000000ull < rounds * per_round)
			now = now_ns();
	}
	printf("{\"rounds\":%llu,\"events\":%llu,\"ns\":%llu}\n", (unsigned long long)rounds,
	       (unsigned long long)(rounds * per_round), (unsigned long long)(now - start));
	return 0;
}
