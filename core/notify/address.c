#include "address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct range {
	uint8_t base[16];
	int bits;
};

static const struct range special4[] = {
	{{0}, 8},             /* this network */
	{{10}, 8},            /* private */
	{{100, 64}, 10},      /* shared, RFC 6598 */
	{{127}, 8},           /* loopback */
	{{169, 254}, 16},     /* link-local */
	{{172, 16}, 12},      /* private */
	{{192, 0, 0}, 24},    /* protocol assignments */
	{{192, 0, 2}, 24},    /* documentation */
	{{192, 88, 99}, 24},  /* 6to4 relays */
	{{192, 168}, 16},     /* private */
	{{198, 18}, 15},      /* benchmarks */
	{{198, 51, 100}, 24}, /* documentation */
	{{203, 0, 113}, 24},  /* documentation */
	{{224}, 3},           /* multicast, reserved, broadcast */
};

/* Of what is global unicast. */
static const struct range special6[] = {
	{{0x20, 0x01, 0x00}, 23},       /* protocol assignments, Teredo */
	{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
	{{0x3f, 0xff}, 20},             /* documentation, RFC 9637 */
};
static const struct range global6 = {{0x20}, 3};
static const struct range six_to_four = {{0x20, 0x02}, 16};
static const struct range mapped = {{[10] = 0xff, [11] = 0xff}, 96};
static const struct range translated = {{0x00, 0x64, 0xff, 0x9b}, 96}; /* RFC 6052 */

static bool lies_in(const uint8_t *address, const struct range *range)
{
	int whole = range->bits / 8, rest = range->bits % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	if (memcmp(address, range->base, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((address[whole] ^ range->base[whole]) & mask) == 0;
}

static bool lies_in_any(const uint8_t *address, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (lies_in(address, &ranges[i]))
			return true;
	}
	return false;
}

static bool is_public4(const uint8_t *address)
{
	return !lies_in_any(address, special4, sizeof(special4) / sizeof(special4[0]));
}

static bool is_public6(const uint8_t *address)
{
	if (lies_in(address, &mapped) || lies_in(address, &translated))
		return is_public4(address + 12);
	if (lies_in(address, &six_to_four))
		return is_public4(address + 2);
	return lies_in(address, &global6) &&
	       !lies_in_any(address, special6, sizeof(special6) / sizeof(special6[0]));
}

bool address_is_public(const struct sockaddr *address)
{
	const void *at = address;

	if (address->sa_family == AF_INET)
		return is_public4((const uint8_t *)&((const struct sockaddr_in *)at)->sin_addr);
	if (address->sa_family == AF_INET6)
		return is_public6((const uint8_t *)&((const struct sockaddr_in6 *)at)->sin6_addr);
	return false;
}
