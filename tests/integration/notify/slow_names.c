/* To be preloaded: a name server that does not answer for slow.invalid. */
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

#define SILENT_S 3600

typedef int look_up(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *restrict name, const char *restrict service,
		const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
	look_up *next;
	void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

	memcpy(&next, &symbol, sizeof(next));
	if (name && strcmp(name, "slow.invalid") == 0) {
		sleep(SILENT_S);
		return EAI_AGAIN;
	}
	return next(name, service, hints, found);
}
