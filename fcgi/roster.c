#include "roster.h"

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

struct roster *roster_open(void)
{
	struct roster *roster = mmap(NULL, sizeof(*roster), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (roster == MAP_FAILED)
		return NULL;
	roster->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (roster->wake_fd < 0)
		roster_close(&roster);
	return roster;
}

void roster_close(struct roster **roster)
{
	if (!*roster)
		return;
	if ((*roster)->wake_fd >= 0)
		close((*roster)->wake_fd);
	munmap(*roster, sizeof(**roster));
	*roster = NULL;
}

void roster_wake(const struct roster *roster)
{
	uint64_t one = 1;
	ssize_t written = write(roster->wake_fd, &one, sizeof(one));

	(void)written; /* refused only when the counter is full: the master has its call */
}

void roster_woken(const struct roster *roster)
{
	uint64_t calls;
	ssize_t got = read(roster->wake_fd, &calls, sizeof(calls));

	(void)got; /* refused when nobody called: nothing to forget */
}

void roster_clear(struct roster_slot *slot)
{
	atomic_store(&slot->ready, false);
	atomic_store(&slot->served, false);
	atomic_store(&slot->tired, false);
	atomic_store(&slot->leave, false);
	atomic_store(&slot->busy_since_us, 0);
}
