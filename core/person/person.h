/*
 * Persons: the holders of cards. Rarus users, core-data customers, Capillary customers and
 * Munu clients are all this one person. Login, phone (by digits) and e-mail (without case)
 * are each unique among an organisation's living persons; empty ones do not count.
 */
#ifndef PERSON_PERSON_H
#define PERSON_PERSON_H

#include "card.h"
#include "page.h"

/* Limits in characters (organization.md, "Text limits"). */
#define PERSON_NAME_MAX  255
#define PERSON_PHONE_MAX 64
#define PERSON_IMAGE_MAX 1000

/* Additional fields of one person: rows, and characters of each member. */
#define PERSON_FIELDS_MAX      100
#define PERSON_FIELD_ID_MAX    64
#define PERSON_FIELD_NAME_MAX  255
#define PERSON_FIELD_VALUE_MAX 1000

/* person.gender */
enum gender { GENDER_UNSET, GENDER_MALE, GENDER_FEMALE, GENDER_NONE };

/* An attribute that the organisation keeps with a person. */
struct person_field {
	struct str id, name, type, value;
};

/* Add and change: members of `row` that were sent. Change takes the person's id from row.id. */
struct person_in {
	struct sent sent;
	struct str password;        /* plain; empty = none: makes or renews the client's login */
	bool attach_free_card;      /* add */
	struct str activation_shop; /* add, for that card */
	struct list fields;         /* struct person_field; sent = all of them anew */
	struct person_row row;
};

struct person_get_in {
	struct uuid id;
	bool with_fields;
};

struct person {
	struct person_view_row row; /* additional_fields: a JSON array, unset when not asked for */
	int64_t row_number;         /* lists: from 1 over the whole result */
};

struct person_out {
	struct person person;
};

struct person_list_in {
	struct sent sent;  /* of all but the page: only what was sent filters */
	struct str login;  /* whole, without case */
	struct str email;  /* whole, without case */
	struct str phone;  /* whole, by digits */
	struct str filter; /* fragment of name, login, phone or e-mail, without case */
	int64_t gender;
	bool locked, confirmed, with_fields;
	struct page_in page;
};

struct person_list_out {
	struct list persons; /* struct person, by name, then id */
	struct page_out page;
};

/*
 * TAKEN names row.login, row.phone or row.email. A change of row.locked shuts or opens all
 * cards of the person; delete sets them free and keeps their history.
 */
extern const struct operation op_person_add, op_person_change, op_person_delete, op_person_get,
	op_person_list;

/* Person of this id under its lock. NOT_FOUND names `member`. Locked before any of its cards. */
enum err person_lock(struct ctx *ctx, const struct uuid *id, const char *member,
		     struct person_row *row_r);

#endif
