"""Lists to ask for: a filter that about 80 cards match, in two ways."""
import concurrent.futures
import http.client
import urllib.parse

from compare import bare_subjects, get_file, own_subject, request_file
from instance import Fault

# Cards that have recruited others, and how many each; so many match.
RECRUITERS = 50
MATCHES = 80
FEWEST, MOST = 60, 100
WORDS = 500
CLIENTS = 4
PATH = '/organization/card?per_page=10&page=1&referallink_id='
PATH_NAME = '/organization/card/by_name?per_page=10&page=1&filter='


def dashed(hexes):
    return [f'{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}' for h in hexes]


def recruiters_of(instance):
    return dashed(instance.sql(
        'SELECT LOWER(HEX(referral_id)) FROM card WHERE organisation_id = 1 AND live = 1 AND'
        " referral_id <> REPEAT('\\0', 16) GROUP BY referral_id"
        f' HAVING COUNT(*) BETWEEN {FEWEST} AND {MOST} ORDER BY 1').split())


def recruit(instance, recruiter, cards):
    """As a client does it: one change a card."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(instance.env['KARTOTEKA_URL']).netloc, timeout=30)
    for card in cards:
        connection.request('POST', f'/organization/card/{card}', f'{{"referallink_id": "{recruiter}"}}',
                           {'token': instance.env['KARTOTEKA_TOKEN'], 'Content-Type': 'application/json'})
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise Fault(f"a card's recruiter cannot be set: {said.decode()}")
    connection.close()


def recruiters(instance):
    """Cards each of which has recruited MATCHES others; made when there are none yet."""
    found = recruiters_of(instance)
    if not found:
        matches = min(MATCHES, int(instance.sql('SELECT COUNT(*) FROM card WHERE organisation_id = 1'))
                      // RECRUITERS - 1)
        ids = instance.card_ids(RECRUITERS * (matches + 1))
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda n: recruit(instance, ids[n], ids[RECRUITERS + n::RECRUITERS]), range(RECRUITERS)))
        found = recruiters_of(instance)
    if not found:
        raise Fault(f'the instance has no {RECRUITERS * MATCHES} cards to recruit')
    return found


def words(instance):
    """Beginnings of words, folded, that about 80 cards have in their names."""
    for letters in range(3, 12):
        found = instance.sql(
            f'SELECT HEX(CONVERT(word_begin USING utf8mb4)) FROM (SELECT LEFT(CONVERT(word USING utf8mb4), {letters})'
            ' AS word_begin, COUNT(DISTINCT card_id) AS n FROM card_word WHERE organisation_id = 1 GROUP BY 1) w'
            f' WHERE n BETWEEN {FEWEST} AND {MOST} AND CHAR_LENGTH(word_begin) = {letters} ORDER BY RAND(1)'
            f' LIMIT {WORDS}').split()
        if len(found) >= RECRUITERS:
            return found
    raise Fault('the instance has no names that about 80 cards share')


def bare(beside, instance, ids, begins):
    return bare_subjects(beside, instance, [
        ('bare', get_file(beside, 'requests-list', '/list/', ids), ''),
        ('bare, joined', get_file(beside, 'requests-listed', '/listed/', ids), ''),
        ('bare, by name', get_file(beside, 'requests-words', '/words/', (word.lower() for word in begins)), '')])


def service(beside, instance, name, ids):
    return own_subject(instance, name, get_file(beside, f'requests-list-{name}', PATH, ids))


def service_by_name(beside, instance, name, begins):
    """begins: in hexadecimal, as words() gives them."""
    lines = (f'GET {PATH_NAME}{urllib.parse.quote(bytes.fromhex(word))}' for word in begins)
    return own_subject(instance, name, request_file(beside, f'requests-name-{name}', lines))


def shown(answer):
    """Its cards and how many it says there are."""
    items = answer['items'] if 'items' in answer else answer['pagination']['items']
    return [card['id'] for card in answer['cards']], items
