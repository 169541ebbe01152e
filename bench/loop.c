/*
 * The observed program of the live benchmark: does the same thing on one CPU for so many seconds,
 * as fast as it can or at a given pace, and prints what it did as JSON. A round is
 *
 *   open      open, read and close of a file
 *   exec      vfork, exec of /bin/true, wait
 *   connect   socket, connect to itself on loopback, accept, and three closes
 *   close     close of what is not open: about the cheapest event there is
 *   build     make -B in a folder
 *   idle      nothing; for markers alone
 *
 *   loop [-s SECONDS] [-c CPU] [-w WORK] [-b FOLDER_OF_BUILD] [-r EVENTS_PER_SECOND -v EVENTS]
 *        [-m FOLDER_OF_MARKERS -e MICROSECONDS [-p]]
 *
 * -v says how many events a round makes, which depends on what is captured.
 *
 * A pace is kept by sleeping: work of a millisecond, then sleep until it is due. So the CPU time of
 * this process and its children is that of the work, and of a thousand sleeps a second, with and
 * without an observer. With -m it also opens a marker file every so often, at uneven distances, and
 * notes the time right before each. With -p it prints the name of each instead, which shows what
 * part of a reader's delay is the machine's.
 *
 * It says "ready" and waits for a line on standard input before it starts, so that its observer can
 * be there first.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull
#define PACES_PER_SECOND 1000
#define MARKERS_MAX 10000

static const char *build_folder = ".";

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static void sleep_until(uint64_t ns)
{
	const struct timespec t = {(time_t)(ns / SECOND), (long)(ns % SECOND)};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static uint64_t usage_ns(int who)
{
	struct rusage used;

	getrusage(who, &used);
	return (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * SECOND +
	       (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000;
}

/* of this process and the children that it has waited for, user and system */
static uint64_t cpu_ns(void)
{
	return usage_ns(RUSAGE_SELF) + usage_ns(RUSAGE_CHILDREN);
}

static void open_round(void)
{
	char byte;
	int fd = open("/etc/hostname", O_RDONLY);

	if (fd < 0 || read(fd, &byte, 1) < 0)
		exit(1);
	close(fd);
}

static void run(const char *file, char *const argv[])
{
	const pid_t child = vfork();
	int status;

	if (child == 0) {
		execvp(file, argv);
		_exit(1);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		exit(1);
}

static void close_round(void)
{
	close(-1);
}

static void exec_round(void)
{
	run("/bin/true", (char *[]){"true", NULL});
}

static void build_round(void)
{
	run("make", (char *[]){"make", "-s", "-B", "-C", (char *)build_folder, NULL});
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

static struct markers {
	const char *folder;
	uint64_t every_ns, next;
	bool printed;
	unsigned count;
	uint64_t at[MARKERS_MAX];
} markers = {.every_ns = SECOND / 40};

static void idle_round(void)
{
	sleep_until(markers.folder ? markers.next : now_ns() + SECOND / PACES_PER_SECOND);
}

static const struct work {
	const char *name;
	void (*round)(void);
	/* rounds between two looks at the clock where there is no pace */
	unsigned batch;
} works[] = {
	{"open", open_round, 64}, {"exec", exec_round, 1}, {"connect", connect_round, 8},
	{"close", close_round, 128}, {"build", build_round, 1}, {"idle", idle_round, 1},
};

static const struct work *find_work(const char *name)
{
	for (unsigned i = 0; i < sizeof(works) / sizeof(*works); i++) {
		if (strcmp(works[i].name, name) == 0)
			return &works[i];
	}
	exit(2);
}

static void mark(uint64_t now)
{
	char path[4096];

	if (!markers.folder || now < markers.next || markers.count == MARKERS_MAX)
		return;
	/* between three quarters and five quarters, so as not to beat with somebody's timer */
	markers.next = now + markers.every_ns * 3 / 4 +
		       (uint64_t)rand() % (markers.every_ns / 2 + 1);
	snprintf(path, sizeof(path), "%s/lanner-marker-%u", markers.folder, markers.count);
	markers.at[markers.count++] = now_ns();
	if (markers.printed) {
		puts(path);
		fflush(stdout);
		return;
	}
	const int fd = open(path, O_RDONLY | O_CREAT, 0600);

	if (fd < 0)
		exit(1);
	close(fd);
}

static void print_markers(void)
{
	printf("\"markers\":[");
	for (unsigned i = 0; i < markers.count; i++)
		printf("%s%llu", i ? "," : "", (unsigned long long)markers.at[i]);
	printf("]");
}

struct plan {
	double seconds, rate, events;
	int cpu;
	const struct work *work;
};

static struct plan read_plan(int argc, char **argv)
{
	struct plan plan = {.seconds = 1, .events = 1, .work = works};
	int option;

	while ((option = getopt(argc, argv, "s:c:r:v:w:b:m:e:p")) != -1) {
		switch (option) {
		case 's': plan.seconds = strtod(optarg, NULL); break;
		case 'c': plan.cpu = atoi(optarg); break;
		case 'r': plan.rate = strtod(optarg, NULL); break;
		case 'v': plan.events = strtod(optarg, NULL); break;
		case 'w': plan.work = find_work(optarg); break;
		case 'b': build_folder = optarg; break;
		case 'm': markers.folder = optarg; break;
		case 'e': markers.every_ns = strtoull(optarg, NULL, 10) * 1000; break;
		case 'p': markers.printed = true; break;
		default: exit(2);
		}
	}
	return plan;
}

/* rounds of about a millisecond at the given pace */
static uint64_t batch_of(const struct plan *plan)
{
	if (plan->rate == 0)
		return plan->work->batch;
	const uint64_t rounds = (uint64_t)(plan->rate / plan->events / PACES_PER_SECOND);

	return rounds ? rounds : 1;
}

int main(int argc, char **argv)
{
	const struct plan plan = read_plan(argc, argv);
	const struct work *work = plan.work;
	const uint64_t batch = batch_of(&plan);
	cpu_set_t set;
	char line[16];

	CPU_ZERO(&set);
	CPU_SET(plan.cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	prctl(PR_SET_TIMERSLACK, 1);
	puts("ready");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;

	const uint64_t cpu = cpu_ns(), start = now_ns();
	const uint64_t end = start + (uint64_t)(plan.seconds * SECOND);
	const double ns_per_round = plan.rate == 0 ? 0 : plan.events / plan.rate * SECOND;
	uint64_t rounds = 0, now = start;

	while (now < end) {
		for (uint64_t i = 0; i < batch; i++)
			work->round();
		rounds += batch;
		now = now_ns();
		mark(now);
		const uint64_t due = start + (uint64_t)((double)rounds * ns_per_round);

		/* one that is late catches up without sleep */
		if (due > now) {
			sleep_until(due);
			now = now_ns();
		}
	}
	printf("{\"rounds\":%llu,\"ns\":%llu,\"cpuNs\":%llu,", (unsigned long long)rounds,
	       (unsigned long long)(now - start), (unsigned long long)(cpu_ns() - cpu));
	print_markers();
	printf("}\n");
	return 0;
}
