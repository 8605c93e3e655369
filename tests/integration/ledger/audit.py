"""The invariants of the books, asked in SQL: what `kartoteka verify` says, found another way.

Each query finds rows that must not be. Seals of the chain are verify's alone.
"""
ZERO = "x'00000000000000000000000000000000'"
ACCOUNT = 'organisation_id, card_id, unit'
OF_ENTRY = 'e.organisation_id = a.organisation_id AND e.account_card_id = a.card_id AND e.unit = a.unit'
OF_ACCOUNT = 'l.organisation_id = a.organisation_id AND l.card_id = a.card_id AND l.unit = a.unit'
OF_LOT = ('m.organisation_id = l.organisation_id AND m.card_id = l.card_id AND m.unit = l.unit'
          ' AND m.lot_id = l.id')

QUERIES = {
    'the balance is the sum of the entries': f'''
        SELECT HEX(a.card_id), a.balance, COALESCE(SUM(e.amount), 0) total, a.last_seq, COUNT(e.seq) n
          FROM account a LEFT JOIN entry e ON {OF_ENTRY}
         GROUP BY a.organisation_id, a.card_id, a.unit
        HAVING balance <> total OR last_seq <> n''',
    'an entry has an account': f'''
        SELECT HEX(e.id) FROM entry e LEFT JOIN account a ON {OF_ENTRY} WHERE a.card_id IS NULL''',
    'sequence, running balance and time of an entry follow its predecessor': '''
        SELECT * FROM (
          SELECT HEX(account_card_id), seq, balance_after, amount, posted_at,
                 ROW_NUMBER() OVER w n, SUM(amount) OVER w run, COALESCE(LAG(posted_at, 1) OVER w, 0) earlier
            FROM entry WINDOW w AS (PARTITION BY organisation_id, account_card_id, unit ORDER BY seq)) s
         WHERE seq <> n OR balance_after <> run OR posted_at < earlier''',
    'received is what came in': f'''
        SELECT HEX(a.card_id), a.received, SUM(IF(e.kind IN (1, 2, 9, 10) OR (e.kind = 7 AND e.amount > 0), e.amount, 0)) total
          FROM account a JOIN entry e ON {OF_ENTRY}
         GROUP BY a.organisation_id, a.card_id, a.unit HAVING received <> total''',
    'lots less debt are the balance, their held parts the account\'s': f'''
        SELECT HEX(a.card_id), a.balance, a.debt, a.held, COALESCE(SUM(l.remaining + l.held), 0) lots,
               COALESCE(SUM(l.held), 0) parts
          FROM account a LEFT JOIN lot l ON {OF_ACCOUNT}
         GROUP BY a.organisation_id, a.card_id, a.unit
        HAVING lots - debt <> balance OR parts <> held''',
    'no lot below zero or above its amount': '''
        SELECT HEX(card_id), HEX(id), amount, remaining, held FROM lot
         WHERE remaining < 0 OR held < 0 OR remaining + held > amount OR amount <= 0
            OR is_open <> IF(remaining > 0, 1, IF(held > 0, 2, 0))''',
    'a lot is its amount less what was taken': f'''
        SELECT HEX(l.card_id), HEX(l.id), l.amount, l.remaining, l.held,
               COALESCE(SUM(m.taken), 0) taken, COALESCE(SUM(m.held), 0) moved
          FROM lot l LEFT JOIN allocation m ON {OF_LOT}
         GROUP BY l.organisation_id, l.card_id, l.unit, l.id
        HAVING remaining <> amount - taken OR held <> moved''',
    'the debt is what was taken from no lot': f'''
        SELECT HEX(a.card_id), a.debt, COALESCE(SUM(m.taken), 0) total
          FROM account a LEFT JOIN allocation m ON m.organisation_id = a.organisation_id
           AND m.card_id = a.card_id AND m.unit = a.unit AND m.lot_id = {ZERO}
         GROUP BY a.organisation_id, a.card_id, a.unit HAVING debt <> total OR debt < 0''',
    'an entry is the lots it opened less what it took': '''
        SELECT HEX(e.id), e.kind, e.amount, COALESCE(o.opened, 0) opened, COALESCE(t.net, 0) net
          FROM entry e
          LEFT JOIN (SELECT organisation_id, entry_id, SUM(amount) opened FROM lot GROUP BY 1, 2) o
            ON o.organisation_id = e.organisation_id AND o.entry_id = e.id
          LEFT JOIN (SELECT organisation_id, owner_id, SUM(held - taken) net FROM allocation GROUP BY 1, 2) t
            ON t.organisation_id = e.organisation_id AND t.owner_id = e.id
         WHERE e.amount <> COALESCE(o.opened, 0) + COALESCE(t.net, 0)''',
    'an allocation has an owner and a lot': f'''
        SELECT HEX(m.owner_id), HEX(m.lot_id) FROM allocation m
          LEFT JOIN entry e ON e.organisation_id = m.organisation_id AND e.id = m.owner_id
          LEFT JOIN hold h ON h.organisation_id = m.organisation_id AND h.id = m.owner_id
          LEFT JOIN lot l ON {OF_LOT}
         WHERE e.id IS NULL AND h.id IS NULL AND m.owner_id NOT IN (SELECT closed_by FROM hold)
            OR m.lot_id <> {ZERO} AND l.id IS NULL''',
    'an open hold holds its amount, on the account that it names': '''
        SELECT HEX(h.id), h.amount, COALESCE(SUM(m.held), 0) parts FROM hold h
          LEFT JOIN allocation m ON m.organisation_id = h.organisation_id AND m.owner_id = h.id
           AND m.card_id = h.account_card_id AND m.unit = h.unit
         WHERE h.state = 1 GROUP BY h.organisation_id, h.id HAVING amount <> parts''',
    'a closed hold gave all back': '''
        SELECT HEX(h.id), h.state, h.amount, h.captured, COALESCE(SUM(m.held), 0) parts,
               COALESCE(SUM(m.held - m.taken), 0) spent FROM hold h
          LEFT JOIN allocation m ON m.organisation_id = h.organisation_id AND m.owner_id = h.closed_by
           AND m.card_id = h.account_card_id AND m.unit = h.unit
         WHERE h.state <> 1 GROUP BY h.organisation_id, h.id
        HAVING parts <> -amount OR -spent <> captured OR captured > amount''',
    'refunds stay within their spend': '''
        SELECT HEX(s.id), s.amount, r.back FROM entry s
          JOIN (SELECT organisation_id, corrects_id, SUM(amount) back FROM entry WHERE kind = 4 GROUP BY 1, 2) r
            ON r.organisation_id = s.organisation_id AND s.id = r.corrects_id
         WHERE s.kind IN (3, 11) AND r.back > -s.amount''',
    'one document, one posting': '''
        SELECT HEX(card_id), doc_id, doc_type, kind, COUNT(*) n FROM entry
         WHERE doc_id <> '' AND kind IN (2, 3) GROUP BY organisation_id, card_id, doc_id, doc_type, kind
        HAVING n > 1''',
    'an entry is named by its journal row': '''
        SELECT HEX(e.id) FROM entry e LEFT JOIN journal j
            ON j.organisation_id = e.organisation_id AND j.id = e.journal_id
         WHERE COALESCE(LOCATE(e.id, j.entries), 0) % 16 <> 1''',
    'a journal row names as many entries as there are': '''
        SELECT * FROM (SELECT organisation_id, SUM(LENGTH(entries)) DIV 16 named FROM journal GROUP BY 1) j
          JOIN (SELECT organisation_id, COUNT(*) n FROM entry GROUP BY 1) e USING (organisation_id)
         WHERE named <> n''',
}

# Where no policy and no credit line allows a debt.
NOTHING_BELOW_ZERO = {
    'nothing below zero': '''
        SELECT HEX(account_card_id), seq, balance_after FROM entry WHERE balance_after < 0''',
    'nothing owed': '''
        SELECT HEX(card_id), available, debt FROM account WHERE available < 0 OR debt <> 0''',
}


# A fault for each query, planted in a transaction that is rolled back.
ONE = 'ORDER BY organisation_id, id LIMIT 1'
FAULTS = {
    'the balance is the sum of the entries': 'UPDATE account SET balance = balance + 1',
    'an entry has an account': 'DELETE FROM account WHERE balance <> 0',
    'sequence, running balance and time of an entry follow its predecessor':
        'UPDATE entry SET posted_at = posted_at - 86400000 WHERE seq = 2',
    'received is what came in': 'UPDATE account SET received = received + 1',
    'lots less debt are the balance, their held parts the account\'s':
        'UPDATE account SET held = held + 1',
    'no lot below zero or above its amount': f'UPDATE lot SET remaining = -1 {ONE}',
    'a lot is its amount less what was taken': f'UPDATE lot SET amount = amount + 1 {ONE}',
    'the debt is what was taken from no lot': 'UPDATE account SET debt = debt + 1',
    'an entry is the lots it opened less what it took':
        f'UPDATE entry SET amount = amount + 1 WHERE kind = 3 {ONE}',
    'an allocation has an owner and a lot': 'DELETE FROM lot',
    'an open hold holds its amount, on the account that it names':
        f'UPDATE hold SET amount = amount + 1 WHERE state = 1 {ONE}',
    'a closed hold gave all back': f'UPDATE hold SET captured = captured + 1 WHERE state = 2 {ONE}',
    'refunds stay within their spend': 'UPDATE entry SET amount = amount * 1000 WHERE kind = 4',
    'one document, one posting': "UPDATE entry SET doc_id = 'twice' WHERE kind IN (2, 3)",
    'an entry is named by its journal row': f'UPDATE entry SET journal_id = {ZERO} {ONE}',
    'a journal row names as many entries as there are':
        'UPDATE journal SET entries = CONCAT(entries, entries) WHERE entries IS NOT NULL LIMIT 1',
    'nothing below zero': f'UPDATE entry SET balance_after = -1 {ONE}',
    'nothing owed': 'UPDATE account SET available = -1',
}


def audit_finds(instance, report):
    """The audit itself, on books that are wrong."""
    queries = {**QUERIES, **NOTHING_BELOW_ZERO}
    report.equal(sorted(FAULTS), sorted(queries), 'a fault for every query')
    for what, fault in FAULTS.items():
        rows = instance.sql(f'START TRANSACTION; {fault}; {queries[what]} LIMIT 1; ROLLBACK')
        report.check(rows, f'found when it is so: {what}')


def audit(instance, report, debts=False):
    """Every query on the instance's whole database, and the programs' own verdict."""
    for what, query in {**QUERIES, **({} if debts else NOTHING_BELOW_ZERO)}.items():
        rows = instance.sql(f'{query} LIMIT 3')
        report.check(not rows, what, rows)
    said = instance.admin('verify')
    report.check(said.startswith('sound: '), 'kartoteka verify', said)
    print(f'verify: {said.strip()}', flush=True)
