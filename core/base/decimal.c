#include "decimal.h"

#include <assert.h>

/* Reads a run of digits; stops counting once the amount is out of range anyway. */
static size_t read_digits(struct str text, size_t from, int64_t *value_r)
{
	int64_t value = 0;
	size_t i = from;

	for (; i < text.len && text.at[i] >= '0' && text.at[i] <= '9'; i++)
		if (value <= AMOUNT_MINOR_MAX)
			value = value * 10 + (text.at[i] - '0');
	*value_r = value;
	return i - from;
}

/* Hundredths from the digits behind the point; zeroes beyond them change nothing. */
static enum reason read_fraction(const char *digits, size_t n, int64_t *hundredths_r)
{
	int64_t tens = n > 0 ? digits[0] - '0' : 0, ones = n > 1 ? digits[1] - '0' : 0;

	for (size_t i = 2; i < n; i++)
		if (digits[i] != '0')
			return REASON_TOO_PRECISE;
	*hundredths_r = tens * 10 + ones;
	return REASON_NONE;
}

enum reason decimal_parse(struct str text, struct amount *amount_r)
{
	bool negative = text.len > 0 && text.at[0] == '-';
	size_t from = negative ? 1 : 0, whole_n, fraction_n = 0;
	int64_t whole, unused, hundredths = 0;
	enum reason reason;

	whole_n = read_digits(text, from, &whole);
	if (whole_n == 0 || (whole_n > 1 && text.at[from] == '0'))
		return REASON_NOT_A_NUMBER;
	from += whole_n;
	if (from < text.len && text.at[from] == '.') {
		fraction_n = read_digits(text, ++from, &unused);
		if (fraction_n == 0)
			return REASON_NOT_A_NUMBER;
	}
	if (from + fraction_n != text.len)
		return REASON_NOT_A_NUMBER;
	reason = read_fraction(text.at + from, fraction_n, &hundredths);
	if (reason != REASON_NONE)
		return reason;
	if (whole > AMOUNT_MINOR_MAX / 100 || whole * 100 + hundredths > AMOUNT_MINOR_MAX)
		return REASON_OUT_OF_RANGE;
	amount_r->minor = negative ? -(whole * 100 + hundredths) : whole * 100 + hundredths;
	return REASON_NONE;
}

size_t decimal_format(struct amount amount, char text[DECIMAL_TEXT_MAX])
{
	return decimal_format_min(amount, 0, text);
}

/* Fraction digits that have to be shown. */
static int digits_needed(uint64_t hundredths)
{
	if (hundredths % 10 != 0)
		return 2;
	return hundredths != 0 ? 1 : 0;
}

size_t decimal_format_min(struct amount amount, int digits, char text[DECIMAL_TEXT_MAX])
{
	uint64_t minor = amount.minor < 0 ? -(uint64_t)amount.minor : (uint64_t)amount.minor;
	uint64_t whole = minor / 100;
	int shown = digits_needed(minor % 100) > digits ? digits_needed(minor % 100) : digits;
	char reverse[DECIMAL_TEXT_MAX];
	size_t n = 0;

	assert(digits >= 0 && digits <= 2);
	if (shown == 2)
		reverse[n++] = (char)('0' + minor % 10);
	if (shown >= 1) {
		reverse[n++] = (char)('0' + minor / 10 % 10);
		reverse[n++] = '.';
	}
	for (; whole >= 10; whole /= 10)
		reverse[n++] = (char)('0' + whole % 10);
	reverse[n++] = (char)('0' + whole);
	if (amount.minor < 0)
		reverse[n++] = '-';
	for (size_t i = 0; i < n; i++)
		text[i] = reverse[n - 1 - i];
	return n;
}
