/*
 * The closed list of outcomes. A bug is an assert, never an outcome. Every
 * dialect maps this list in a switch without a default, so a new word does not
 * compile until each dialect has said what it answers.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define ERR_LIST(X)                                                            \
	X(OK, "ok")                                                            \
	X(INVALID, "input failed validation")                                  \
	X(UNAUTHENTICATED, "who asks is not known")                            \
	X(DENIED, "scope or role not enough")                                  \
	X(NOT_FOUND, "no such object")                                         \
	X(TAKEN, "a unique value is taken")                                    \
	X(CONFLICT, "state forbids the operation")                             \
	X(INSUFFICIENT, "balance too low")                                     \
	X(MISMATCH, "same idempotency key or document, other request")         \
	X(RUNNING, "the first request with this key is still running")         \
	X(STALE, "precondition failed")                                        \
	X(THROTTLED, "too many attempts")                                      \
	X(BUSY, "database away or overloaded, try again")                      \
	X(UNCERTAIN, "commit outcome unknown")                                 \
	X(INTERNAL, "bug or broken dependency")

enum err {
#define X(name, text) ERR_##name,
	ERR_LIST(X)
#undef X
	ERR__MAX
};

/* Borrowed, static, English. */
const char *err_text(enum err err);

#endif
