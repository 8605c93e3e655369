"""What cards and postings take on disk and in the buffer pool: bytes a card and a posting, by table."""
import postings
import report
from compare import conclude
from instance import Beside, running
from load import wrk

IDS = 20_000
SECONDS = 5
POSTINGS = 60_000
BURSTS_MOST = 60
# Smaller ones are left out of the table.
BYTES_LEAST = 1


def sizes(instance):
    """Table -> bytes of its file; what is still to be written is of pages that stand in it already."""
    lines = instance.sql("SELECT SUBSTRING_INDEX(name, '/', -1), file_size FROM information_schema.innodb_sys_tablespaces"
                         " WHERE name LIKE 'kartoteka/%'").splitlines()
    return {name: int(size) for name, size in (line.split('\t') for line in lines)}


def per(sizes_of, n):
    return {name: size / n for name, size in sizes_of.items() if size / n >= BYTES_LEAST}


def post(instance, beside):
    """Postings on and off spread cards; how many."""
    done, lines = 0, list(postings.alternating(instance.card_ids(IDS, postings.ENOUGH)))
    subject = postings.service(beside, instance, 'service', lines)
    for _ in range(BURSTS_MOST):
        done += wrk(subject, SECONDS, 16)['requests']
        if done >= POSTINGS:
            break
    return done


def show(title, by_table):
    print(title)
    rows = sorted(by_table.items(), key=lambda item: -item[1])
    for line in report.table(['table', 'bytes'], [*((name, f'{size:.0f}') for name, size in rows),
                                                  ('all', f'{sum(by_table.values()):.0f}')]):
        print(line)


def run(options):
    with running(options) as instance, Beside() as beside:
        before = sizes(instance)
        cards = int(instance.sql('SELECT COUNT(*) FROM card'))
        n = post(instance, beside)
        after = sizes(instance)
    card = per(before, cards)
    posting = per({name: after[name] - size for name, size in before.items()}, n)
    show(f'bytes a card, indexes and holders included, of {cards} cards', card)
    show(f'bytes a posting, half of them on, of {n} postings', posting)
    return conclude('size', options, [], cards_there=cards, postings=n, bytes_a_card=card, bytes_a_posting=posting)
