// The walls of a query's process that must stand before it has a second thread:
// Landlock binds the thread that asks for it and those it starts later, and both
// Go and DuckDB start threads at once. A constructor runs before either.
//
// It does nothing in any process but one started as "… sql-child FILE …", and
// there leaves the right to read those files (and the limits of its own control
// group) and no other right to the file system. Everything it cannot do on a kernel is left out of citykpi_walls, for
// Go to judge.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cell_linux.h"

int citykpi_walls;
int citykpi_pin = -1;

// The kernel's own header may be older than the kernel the program runs on.
enum {
	CREATE_RULESET_VERSION = 1,
	RULE_PATH_BENEATH = 1,
	FS_READ_FILE = 1 << 2,
};

struct ruleset {
	uint64_t fs, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static char arguments[3 * 4096 + 64];

static void die(const char *why) {
	ssize_t ignored = write(2, why, strlen(why));
	(void)ignored;
	_exit(1);
}

static const char *next(const char *s, const char *end) {
	s += strlen(s) + 1;
	return s < end ? s : NULL;
}

// allow adds the right to read a file, or the files below a folder, to a set.
// What is not there is left out: opening it will fail as well, and say so.
static int allow(int set, const char *path) {
	struct path_beneath rule = {.allowed = FS_READ_FILE, .parent = open(path, O_PATH | O_CLOEXEC)};
	if (rule.parent >= 0 && syscall(SYS_landlock_add_rule, set, RULE_PATH_BENEATH, &rule, 0))
		die("the query's process cannot be fenced: no rule for what it reads\n");
	return rule.parent;
}

static int landlock(const char *file, const char *end) {
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
	if (version < 1)
		return 0;
	struct ruleset rules = {.fs = (1 << 13) - 1}; // everything the first version knows
	if (version >= 2)
		rules.fs |= 1 << 13; // moving between folders
	if (version >= 3)
		rules.fs |= 1 << 14; // truncating
	if (version >= 4)
		rules.net = 3; // binding and connecting TCP
	if (version >= 5)
		rules.fs |= 1 << 15; // device controls
	if (version >= 6)
		rules.scoped = 3; // abstract sockets, signals to others
	int set = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
	if (set < 0)
		die("the query's process cannot be fenced: no Landlock rules\n");
	for (; file; file = next(file, end))
		close(allow(set, file));
	// DuckDB aborts where it sees but cannot read what its control group allows
	// it. A rule lasts as long as the file's inode, which here is made on demand:
	// it is held until the database is open.
	close(allow(set, "/sys/fs/cgroup"));
	citykpi_pin = allow(set, "/proc/self/cgroup");
	if (syscall(SYS_landlock_restrict_self, set, 0))
		die("the query's process cannot be fenced: Landlock refuses\n");
	close(set);
	return CITYKPI_LANDLOCK | (version >= 4 ? CITYKPI_LANDLOCK_NET : 0) | (version >= 6 ? CITYKPI_LANDLOCK_SCOPE : 0);
}

__attribute__((constructor)) static void build_walls(void) {
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	size_t n = 0;
	ssize_t got;
	while (n < sizeof arguments - 1 && (got = read(fd, arguments + n, sizeof arguments - 1 - n)) > 0)
		n += got;
	close(fd);
	const char *end = arguments + n, *verb = next(arguments, end);
	if (!verb || strcmp(verb, "sql-child"))
		return;
	citykpi_walls |= CITYKPI_CHILD;
	clearenv();
	if (syscall(SYS_close_range, 3, ~0U, 0)) // what a careless parent left open
		for (int i = 3; i < 1024; i++)
			close(i);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return;
	citykpi_walls |= CITYKPI_NO_NEW_PRIVS;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // nobody of the same user looks in
	citykpi_walls |= landlock(next(verb, end), end);
}
