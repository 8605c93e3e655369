/* The words of the pos dialect: names of its errors, and what OpenAPI says of its routes. */
#include "pos.h"

#include "route.h"

/* The vendor's names stand for the texts of expected errors. */
static const char *const reasons[REASON__MAX] = {
	[REASON_NO_CARD] = "CardNotFound",
	[REASON_NO_TILL] = "ClientNotFound",
	[REASON_BLOCKED] = "CardLocked",
	[REASON_NOT_ENOUGH] = "NotEnoughCredit",
};

const struct language pos_languages[POS_LANGUAGES] = {{"en", reasons, NULL}};

#define SAME                                                                                       \
	" JSON or XML, by Content-Type and Accept. Expected errors are 400 with "                  \
	"ApplicationErrorCode 1 CardNotFound, 2 ClientNotFound, 3 CardLocked, 4 NotEnoughCredit; " \
	"every other error has code 0."
#define LINE                                                                                       \
	"\"ReceiptTime\":\"2026-01-28T19:11:58.5970000+03:00\",\"Quantity\":1.0,"                  \
	"\"TotalPrice\":3.5,\"ArticleId\":4,\"ArticleNumber\":\"A-4\",\"Label\":\"Foam\","         \
	"\"LabelReceipt\":\"Foam\""

const struct route_doc pos_doc_information = {
	.summary = "What a till shows of a customer's card",
	.description = "The first of CardNumber, CardUID, LicensePlate that is not empty decides. "
		       "A locked card answers too." SAME,
	.tag = "Till",
	.example_in = "{\"MaxLastWashingResults\":1,\"CardNumber\":\"2000000000015\","
		      "\"ClientNumber\":64}",
	.example_out =
		"{\"CardNumber\":\"2000000000015\",\"IsLocked\":false,\"Credit\":30.0,"
		"\"IsCreditCard\":false,\"Birthday\":null,\"CustomerData\":null,"
		"\"CardMessage\":\"\",\"Bonus\":{\"SpecialDiscountPercent\":0,"
		"\"IsSpecialDiscountTemporary\":false,\"SpecialDiscountValidUntil\":null,"
		"\"BonusTiers\":[{\"ThresholdAmount\":50.0,\"BonusPercentage\":2.5}]},"
		"\"LastWashings\":[{\"Options\":[{" LINE "}],\"PaymentMethod\":0," LINE "}]}",
};
const struct route_doc pos_doc_sale = {
	.summary = "Record a washing with its options, and charge the card that pays",
	.description =
		"The first item is the washing, the rest its options. Without ReceiptNumber and "
		"Idempotency-Key two equal sales are two sales." SAME,
	.tag = "Till",
	.example_in = "{\"CardNumber\":\"2000000000015\",\"ClientNumber\":64,\"PriceGroup\":1,"
		      "\"Items\":[{\"ArticleNumber\":\"A-1\",\"Quantity\":1.0,\"Price\":9.5}],"
		      "\"CashierCardNumber\":\"17\",\"PaymentMethod\":1,\"ReceiptNumber\":\"R-1\"}",
	.example_out = "{\"NewCredit\":20.5,\"ReceiptNumber\":\"R-1\"}",
};
const struct route_doc pos_doc_charge = {
	.summary = "Put money on a card, with the bonus of the highest tier reached",
	.description = "Money and bonus are two entries of the books." SAME,
	.tag = "Till",
	.example_in = "{\"CardNumber\":\"2000000000015\",\"ClientNumber\":64,"
		      "\"ChargeAmount\":50.0,\"CashierCardNumber\":\"17\",\"PaymentMethod\":0}",
	.example_out = "{\"NewCredit\":81.25,\"ChargementInformation\":{\"ChargeAmount\":50.0,"
		       "\"BonusPercentage\":2.5,\"BonusAmount\":1.25,\"TotalAmount\":51.25}}",
};
