"""Lists to ask for: a filter that about 80 cards match, in two ways."""
import concurrent.futures
import http.client
import json
import urllib.parse

from compare import bare_subjects, get_file, own_subject, request_file
from instance import Fault

# Groups, and active cards of each; so many match.
GROUPS = 50
MATCHES = 80
FEWEST, MOST = 60, 100
WORDS = 500
CLIENTS = 4
PATH = '/organization/card?per_page=10&page=1&active=1&parent_id='
PATH_NAME = '/organization/card/by_name?per_page=10&page=1&filter='


def dashed(hexes):
    return [f'{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}' for h in hexes]


def groups_of(instance):
    return dashed(instance.sql(
        'SELECT LOWER(HEX(parent_id)) FROM card WHERE organisation_id = 1 AND live = 1 AND active = 1 AND'
        f" parent_id <> REPEAT('\\0', 16) GROUP BY parent_id HAVING COUNT(*) BETWEEN {FEWEST} AND {MOST}"
        ' ORDER BY 1').split())


def make_group(instance, name, cards):
    """As a client does it: a group, and one change a card."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(instance.env['KARTOTEKA_URL']).netloc, timeout=30)

    def post(path, body):
        connection.request('POST', path, json.dumps(body),
                           {'token': instance.env['KARTOTEKA_TOKEN'], 'Content-Type': 'application/json'})
        answer = connection.getresponse()
        said = answer.read().decode()
        if answer.status != 200:
            raise Fault(f'POST {path}: {said}')
        return json.loads(said)

    group = post('/organization/card_group/add', {'name': name})['id']
    for card in cards:
        post(f'/organization/card/{card}', {'parent_id': group})
    connection.close()


def groups(instance):
    """Groups of about MATCHES active cards; made when there are none yet."""
    found = groups_of(instance)
    if not found:
        ids = instance.card_ids(GROUPS * MATCHES, ' AND active = 1')
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda n: make_group(instance, f'bench {n}', ids[n::GROUPS]), range(GROUPS)))
        found = groups_of(instance)
    if not found:
        raise Fault(f'the instance has no {GROUPS * FEWEST} active cards')
    return found


def words(instance):
    """Beginnings of words, folded, that about 80 cards have in their names."""
    for letters in range(3, 12):
        found = instance.sql(
            f'SELECT HEX(CONVERT(word_begin USING utf8mb4)) FROM (SELECT LEFT(CONVERT(word USING utf8mb4), {letters})'
            ' AS word_begin, COUNT(DISTINCT card_id) AS n FROM card_word WHERE organisation_id = 1 GROUP BY 1) w'
            f' WHERE n BETWEEN {FEWEST} AND {MOST} AND CHAR_LENGTH(word_begin) = {letters} ORDER BY RAND(1)'
            f' LIMIT {WORDS}').split()
        if len(found) >= GROUPS:
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
