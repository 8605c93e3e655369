/* Which addresses a webhook may be at: those of the public Internet. */
#ifndef NOTIFY_ADDRESS_H
#define NOTIFY_ADDRESS_H

#include <stdbool.h>

struct sockaddr;

/*
 * False for loopback, private, link-local, shared, multicast, documentation and other special
 * purpose ranges (IANA registries of RFC 6890), for what embeds such an address in IPv6, and for
 * anything that is neither IPv4 nor IPv6.
 */
bool address_is_public(const struct sockaddr *address);

#endif
