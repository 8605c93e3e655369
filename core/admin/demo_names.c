/*
 * Names of people who do not exist. Family names are three syllables and an ending,
 * uneven as real ones: of a million cards, six letters find dozens and at most a few
 * hundred. All other words are short, so that no common word has six letters.
 */
#include "buf.h"
#include "demo.h"
#include "utf8.h"

#define SYLLABLES 32
#define FAMILIES  ((uint64_t)SYLLABLES * SYLLABLES * SYLLABLES)
#define FIRSTS    12
#define ENDINGS   8
#define EXTRAS    4
#define SEXES     2

struct word {
	const char *text, *ascii;
};

struct tongue {
	struct word syllables[SYLLABLES];
	struct word endings[SEXES][ENDINGS];
	struct word firsts[SEXES][FIRSTS];
	const char *extras[EXTRAS];
};

static const struct tongue russian = {
	.syllables = {{"ба", "ba"}, {"ве", "ve"}, {"го", "go"},  {"да", "da"},  {"жу", "zhu"},
		      {"зи", "zi"}, {"ка", "ka"}, {"ко", "ko"},  {"ла", "la"},  {"ли", "li"},
		      {"ма", "ma"}, {"ме", "me"}, {"ми", "mi"},  {"на", "na"},  {"не", "ne"},
		      {"но", "no"}, {"па", "pa"}, {"по", "po"},  {"ра", "ra"},  {"ро", "ro"},
		      {"ру", "ru"}, {"са", "sa"}, {"се", "se"},  {"си", "si"},  {"та", "ta"},
		      {"ти", "ti"}, {"фа", "fa"}, {"ха", "kha"}, {"ча", "cha"}, {"ше", "she"},
		      {"бо", "bo"}, {"гу", "gu"}},
	.endings = {{{"ин", "in"},
		     {"ов", "ov"},
		     {"ев", "ev"},
		     {"енко", "enko"},
		     {"вский", "vskiy"},
		     {"тов", "tov"},
		     {"нин", "nin"},
		     {"ков", "kov"}},
		    {{"ина", "ina"},
		     {"ова", "ova"},
		     {"ева", "eva"},
		     {"енко", "enko"},
		     {"вская", "vskaya"},
		     {"това", "tova"},
		     {"нина", "nina"},
		     {"кова", "kova"}}},
	.firsts = {{{"Иван", "ivan"},
		    {"Пётр", "petr"},
		    {"Илья", "ilya"},
		    {"Олег", "oleg"},
		    {"Игорь", "igor"},
		    {"Антон", "anton"},
		    {"Денис", "denis"},
		    {"Роман", "roman"},
		    {"Павел", "pavel"},
		    {"Юрий", "yuriy"},
		    {"Артём", "artem"},
		    {"Семён", "semen"}},
		   {{"Анна", "anna"},
		    {"Ольга", "olga"},
		    {"Юлия", "yulia"},
		    {"Мария", "maria"},
		    {"Вера", "vera"},
		    {"Дарья", "daria"},
		    {"Елена", "elena"},
		    {"Ирина", "irina"},
		    {"Алёна", "alena"},
		    {"Нина", "nina"},
		    {"Софья", "sofia"},
		    {"Раиса", "raisa"}}},
	.extras = {"мл.", "ст.", "такси", "опт"},
};

static const struct tongue latin = {
	.syllables = {{"al", "al"}, {"be", "be"}, {"ca", "ca"}, {"de", "de"}, {"er", "er"},
		      {"fo", "fo"}, {"ga", "ga"}, {"ha", "ha"}, {"in", "in"}, {"ja", "ja"},
		      {"ke", "ke"}, {"la", "la"}, {"mo", "mo"}, {"ne", "ne"}, {"or", "or"},
		      {"pe", "pe"}, {"ro", "ro"}, {"sa", "sa"}, {"te", "te"}, {"un", "un"},
		      {"va", "va"}, {"wi", "wi"}, {"ya", "ya"}, {"zo", "zo"}, {"ma", "ma"},
		      {"li", "li"}, {"no", "no"}, {"ri", "ri"}, {"to", "to"}, {"du", "du"},
		      {"si", "si"}, {"bo", "bo"}},
	.endings = {{{"son", "son"},
		     {"berg", "berg"},
		     {"man", "man"},
		     {"ton", "ton"},
		     {"sen", "sen"},
		     {"ley", "ley"},
		     {"ner", "ner"},
		     {"field", "field"}},
		    {{"son", "son"},
		     {"berg", "berg"},
		     {"man", "man"},
		     {"ton", "ton"},
		     {"sen", "sen"},
		     {"ley", "ley"},
		     {"ner", "ner"},
		     {"field", "field"}}},
	.firsts = {{{"Ivan", "ivan"},
		    {"John", "john"},
		    {"Peter", "peter"},
		    {"Mark", "mark"},
		    {"James", "james"},
		    {"David", "david"},
		    {"Paul", "paul"},
		    {"Oscar", "oscar"},
		    {"Erik", "erik"},
		    {"Lucas", "lucas"},
		    {"Simon", "simon"},
		    {"Jonas", "jonas"}},
		   {{"Anna", "anna"},
		    {"Emma", "emma"},
		    {"Maria", "maria"},
		    {"Olga", "olga"},
		    {"Laura", "laura"},
		    {"Sofia", "sofia"},
		    {"Helen", "helen"},
		    {"Alice", "alice"},
		    {"Julia", "julia"},
		    {"Nora", "nora"},
		    {"Clara", "clara"},
		    {"Zoë", "zoe"}}},
	.extras = {"jr.", "sr.", "taxi", "fleet"},
};

static void put(struct buf *full, struct buf *ascii, const struct word *word)
{
	buf_text(full, word->text);
	buf_text(ascii, word->ascii);
}

/* The first letter large; the letters of both tongues lie 32 apart. */
static void put_large(struct buf *full, struct buf *ascii, const struct word *word)
{
	struct str text = str_of(word->text);
	size_t len = utf8_char(text.at, text.len);
	char *at = buf_reserve(full, UTF8_CHAR_MAX);

	full->len += utf8_put(utf8_code(text.at, len) - 32, at);
	buf_text(full, word->text + len);
	buf_text(ascii, word->ascii);
}

/* Two draws multiplied: some families are large, most are small. The odd factor scatters them. */
static void put_family(struct buf *full, struct buf *ascii, const struct tongue *tongue,
		       uint64_t draw, bool female)
{
	uint64_t a = draw % FAMILIES, b = (draw >> 20) % FAMILIES;
	uint64_t family = a * b / FAMILIES * 10007 % FAMILIES;

	put_large(full, ascii, &tongue->syllables[family % SYLLABLES]);
	put(full, ascii, &tongue->syllables[family / SYLLABLES % SYLLABLES]);
	put(full, ascii, &tongue->syllables[family / SYLLABLES / SYLLABLES]);
	put(full, ascii, &tongue->endings[female][(draw >> 40) % ENDINGS]);
}

struct demo_name demo_name_make(struct arena *arena, int64_t i)
{
	uint64_t draw = demo_draw(DEMO_FIRST_NAME, i);
	bool female = draw % 2;
	struct demo_name name = {.russian = draw / 2 % 5 < 3, .female = female};
	const struct tongue *tongue = name.russian ? &russian : &latin;
	struct buf full, ascii;

	buf_init(&full, arena, 128);
	buf_init(&ascii, arena, 64);
	put_family(&full, &ascii, tongue, demo_draw(DEMO_NAME, i), female);
	buf_char(&full, ' ');
	buf_char(&ascii, '.');
	put(&full, &ascii, &tongue->firsts[female][(draw >> 8) % FIRSTS]);
	if ((draw >> 16) % 5 == 0) {
		buf_char(&full, ' ');
		buf_text(&full, tongue->extras[(draw >> 24) % EXTRAS]);
	}
	name.full = buf_done(&full);
	name.ascii = buf_done(&ascii);
	return name;
}
