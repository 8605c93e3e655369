/*
 * The service manager's protocol, sd_notify(3) and sd_watchdog_enabled(3), written
 * out: one datagram to $NOTIFY_SOCKET. Without a manager the calls do nothing.
 */
#ifndef FCGI_SUPERVISOR_H
#define FCGI_SUPERVISOR_H

#include <stdint.h>

/* Assignments separated by newlines: "READY=1\nSTATUS=8 workers". Lost when the manager is. */
void supervisor_tell(const char *state);
/* "RELOADING=1" with the moment that systemd asks for. */
void supervisor_tell_reloading(void);
/* Microseconds between two WATCHDOG=1, half of what the manager allows; 0 = it does not watch. */
int64_t supervisor_watchdog_us(void);

#endif
