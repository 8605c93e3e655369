"""The seeded mistakes of `mutants`: what is right, what it becomes, who must notice and how."""
import dataclasses

LEDGER = 'core/ledger/'
SQL = 'sql/query/ledger.sql'


@dataclasses.dataclass(frozen=True)
class Edit:
    file: str
    right: str  # stands in the file once
    wrong: str


@dataclasses.dataclass(frozen=True)
class Mutant:
    name: str
    edits: tuple
    reason: str  # a regular expression: what the output of the tests says
    tests: tuple = ('db_posting_rules',)


def mutant(name, file, right, wrong, reason, **more):
    return Mutant(name, (Edit(file, right, wrong),), failed(reason), **more)


def failed(test):
    return rf'\[  FAILED  \] {test}'


MUTANTS = (
    mutant('the lock is removed', SQL, ' AND c.id = IF(? = 1, @named, ?) FOR UPDATE;\n\n-- The same',
           ' AND c.id = IF(? = 1, @named, ?);\n\n-- The same', 'nothing_is_spent_twice'),
    Mutant('a lot lives at its end', (
        Edit(SQL, "AND unit = ? AND is_open = 1 AND burn_at > ? ORDER BY burn_at, active_from, id LIMIT ?;",
             "AND unit = ? AND is_open = 1 AND burn_at >= ? ORDER BY burn_at, active_from, id LIMIT ?;"),
        Edit(LEDGER + 'book.c', 'at.ms < lot->burn_at.ms', 'at.ms <= lot->burn_at.ms')),
        failed('a_lot_is_over_at_its_end')),
    mutant('the burn order is reversed', LEDGER + 'book.c',
           'a->burn_at.ms < b->burn_at.ms ? -1 : 1', 'a->burn_at.ms < b->burn_at.ms ? 1 : -1',
           'what_ends_first_is_eaten_first'),
    Mutant('the journal row comes after the commit', (
        Edit('core/service/mutation.c',
             '\tif (!m->ctx->replayed || has_key(m->ctx))\n\t\tput_journal(m, batch);\n', ''),
        Edit('core/service/mutation.c', '\tm->written = true;\n\treturn batch_run(batch);\n',
             '''	m->written = true;
	enum err err = batch_run(batch);
	if (err == ERR_OK)
		put_journal(m, batch);
	return err;
'''),
        Edit('core/service/mutation.c', '\t\tbatch_journal_insert(batch, &row);\n\t\treturn;\n',
             '\t\t(void)batch;\n\t\tsql_journal_insert(m->ctx->db, &row, NULL);\n\t\treturn;\n'),
        Edit('core/service/mutation.c', '\tbatch_journal_finish(batch, &finish);\n',
             '\tsql_journal_finish(m->ctx->db, &finish, NULL);\n'),
        # the store refuses this by itself; what if it did not?
        Edit('core/store/db_stmt.c', '!db->options.bare && db->tx != DB_TX_COMMITTED',
             '!db->options.bare')),
        'half of it|not done under the same key|not there', ('db_posting_faults',)),
    mutant('more is spent than there is', LEDGER + 'money.c',
           'book_credit_line(book) < -entry->amount.minor)', 'book_credit_line(book) < 0)',
           'points_never_go_below_zero'),
    mutant("a card's credit line is not its end", LEDGER + 'money.c',
           'return card->credit_limit.minor;', 'return 2 * card->credit_limit.minor;',
           'a_credit_line_is_respected', tests=('db_washing_sale',)),
    mutant('what a receipt stands for is not compared', 'core/washing/receipt.c',
           'if (!str_eq(mine->digest, there->digest))',
           'if (mine->digest.len != there->digest.len)',
           'a_receipt_number_is_one_sale', tests=('db_washing_sale',)),
    mutant('the debt is not paid first', LEDGER + 'posting.c',
           'int64_t paid = debt < amount ? debt : amount;',
           'int64_t paid = debt < 0 ? debt : 0;', 'an_accrual_pays_the_debt_first'),
    mutant('a refund goes back in the order of eating', LEDGER + 'refund.c',
           'part = &parts[i - 1];', 'part = &parts[refund->parts.n - i];',
           'a_refund_goes_where_it_was_eaten_last'),
    mutant('what is held is still available', LEDGER + 'book.c',
           'if (book_counts(book, row))\n\t\tbook->account.available.minor -= taken;',
           'if (book_counts(book, row))\n'
           '\t\tbook->account.available.minor -= held > 0 ? 0 : taken;',
           'what_is_held_is_not_available'),
    mutant('the fingerprint is not compared', 'core/service/mutation.c',
           'if (!str_eq(row.fingerprint, mine))', 'if (row.fingerprint.len != mine.len)',
           'a_key_is_for_one_request'),
    mutant('the amount of a document is not compared', LEDGER + 'rule.c',
           'if (!same)', 'if (!same && !ctx)', 'a_document_is_for_one_amount'),
    mutant('an entry is sealed after another than its predecessor', LEDGER + 'book.c',
           '\taccount->last_tag = entry->tag;\n', '', 'the_books_are_sound'),
    mutant("the master's block is ignored", LEDGER + 'rule.c',
           'if (shut(card->master_blocked,', 'if (eats && !ctx && shut(card->master_blocked,',
           'a_blocked_master_blocks'),
    mutant('a hold can be captured at its end', LEDGER + 'hold.c',
           'if (hold->until_at.ms <= ctx_now(ctx).ms)', 'if (hold->until_at.ms < ctx_now(ctx).ms)',
           'a_hold_is_over_at_its_end'),
    mutant('inactivity is ignored', LEDGER + 'book.c',
           'if (erase_days == 0 || activity_at.ms == 0)',
           'if (erase_days >= 0 || activity_at.ms == 0)', 'inactivity_ends_points'),
    mutant('the organisation is missing in a where', SQL,
           ' WHERE c.organisation_id = ? AND c.id = IF(? = 1, @named, ?) FOR UPDATE;',
           ' WHERE (c.organisation_id = ? OR c.live = 1) AND c.id = IF(? = 1, @named, ?) FOR UPDATE;', 'a_foreign_card_is_none'),
    mutant('a series allows one card too many', 'core/card/series.c',
           'row.n >= series->max_per_person', 'row.n > series->max_per_person',
           'test_limits_have_two_sides', tests=('db_card_link',)),
    mutant('a card of another holder is linked', 'core/card/link.c',
           'if (!linked && !uuid_is_unset(&card->person_id)',
           'if (linked && !uuid_is_unset(&card->person_id)', 'test_a_card_is_of_one_holder',
           tests=('db_card_link',)),
    mutant('a change of status that nobody explains is not logged', 'core/card/status.c',
           'return was != is || (note', 'return (note && was != is) || (note',
           'test_the_log_knows_whoever_changed_it', tests=('db_card_link',)),
    mutant('validity ends before its second is over', 'core/card/status.c',
           'now.ms >= card->valid_to.ms + VALID_TO_MS', 'now.ms >= card->valid_to.ms',
           'the_first_that_applies', tests=('unit_card_status',)),
    mutant('the last free number is never drawn', 'core/card/numbers.c',
           'i < draw->wanted && i < n', 'i < draw->wanted && i + 1 < n',
           'test_the_last_number_is_found', tests=('db_generate',)),
)
