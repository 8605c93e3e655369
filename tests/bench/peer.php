<?php // The bare job in php-fpm: /native/… prepares at the server, /emulated/… has PDO put the values in (a trip less
// a query). card/UUID, list/UUID, two (a posting of two rows) and posting (of the service's rows), as bare.h
header('Content-Type: application/json');
[$text, $mac] = preg_split('/\.(?=[^.]*$)/', $_SERVER['HTTP_TOKEN'] ?? '') + ['', ''];
if (!hash_equals(hash_hmac('sha256', $text, getenv('BARE_KEY')), $mac ?? '')
	|| (int)explode('.', $text . '.')[1] < time()) {
	http_response_code(401);
	exit('{"error":"token"}');
}
[, $way, $job, $id] = explode('/', $_SERVER['REQUEST_URI'] . '//');
$emulated = $way === 'emulated';
$db = new PDO('mysql:unix_socket=' . getenv('BARE_DB_SOCKET') . ';dbname=' . getenv('BARE_DB_NAME') . ';charset=utf8mb4',
	'root', '', [PDO::ATTR_PERSISTENT => true, PDO::ATTR_EMULATE_PREPARES => $emulated,
	PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);

const IDS = ['id', 'parent_id', 'mastercard_id', 'referallink_id', 'card_level_id', 'user_id', 'new_card_id'];
const COLUMNS = 'SELECT c.id, c.parent_id, c.code, c.barcode, c.name, c.description, c.active, c.blocked,'
	. ' c.blocked_description AS blockeddescription, c.master_id AS mastercard_id, c.referral_id AS referallink_id,'
	. ' c.phone, c.email, c.external AS external_card, c.accum_sale_amount, c.level_id AS card_level_id,'
	. ' c.activated_at AS date_active, c.activation_shop_id, c.deactivated_at AS date_deactivate,'
	. ' c.person_id AS user_id, c.image, c.blocked_until AS date_unblock, c.new_card_id FROM card c';

function dashed(string $id): string
{
	$hex = bin2hex($id);
	return substr($hex, 0, 8) . '-' . substr($hex, 8, 4) . '-' . substr($hex, 12, 4) . '-' . substr($hex, 16, 4)
		. '-' . substr($hex, 20);
}

function shown(array $row): array
{
	foreach (IDS as $name) {
		$row[$name] = dashed($row[$name]);
	}
	return $row;
}

function card(PDO $db, string $id): array
{
	$read = $db->prepare(COLUMNS . ' WHERE c.organisation_id = 1 AND c.id = ?');
	$read->execute([$id]);
	$row = $read->fetch(PDO::FETCH_ASSOC);
	return $row ? ['card' => shown($row)] : throw new Exception('none');
}

function listed(PDO $db, string $id): array
{
	$read = $db->prepare(COLUMNS . ' FORCE INDEX (parent_active) WHERE c.organisation_id = 1 AND c.live = 1'
		. ' AND c.parent_id = ? AND c.active = 1 ORDER BY c.organisation_id, c.live, c.parent_id, c.active, c.name_key,'
		. ' c.id LIMIT 10');
	$read->execute([$id]);
	$rows = $read->fetchAll(PDO::FETCH_ASSOC);
	$count = $db->prepare('SELECT COUNT(*) FROM card FORCE INDEX (parent_active)'
		. ' WHERE organisation_id = 1 AND live = 1 AND parent_id = ? AND active = 1');
	$count->execute([$id]);
	return ['cards' => array_map(shown(...), $rows), 'items' => (int)$count->fetchColumn()];
}

function two(PDO $db, array $wish, string $card, int $change, string $id): void
{
	$read = $db->prepare('SELECT balance FROM bare.two_card WHERE id = ? FOR UPDATE');
	$read->execute([$card]);
	$balance = (int)$read->fetchColumn() + $change;
	$read->closeCursor();
	if ($balance < 0) {
		throw new Exception('not enough');
	}
	$db->prepare('INSERT INTO bare.two_entry (card_id, amount, balance_after, id) VALUES (?, ?, ?, ?)')
		->execute([$card, $change, $balance, $id]);
	$db->prepare('UPDATE bare.two_card SET balance = ?, version = version + 1 WHERE id = ?')
		->execute([$balance, $card]);
}

// What a spend takes of the open lots: statements with their values.
function eat(PDO $db, string $card, int $sum, string $id, int $now): array
{
	$read = $db->prepare('SELECT id, remaining FROM bare.lot FORCE INDEX (burn_order) WHERE organisation_id = 1'
		. ' AND card_id = ? AND unit = 1 AND is_open = 1 ORDER BY burn_at, active_from, id LIMIT 64');
	$read->execute([$card]);
	$writes = [];
	foreach ($read->fetchAll(PDO::FETCH_ASSOC) as $position => $lot) {
		$part = min($sum, $lot['remaining']);
		$sum -= $part;
		if ($part > 0) {
			$writes[] = ['UPDATE bare.lot SET remaining = ?, is_open = ? WHERE organisation_id = 1 AND card_id = ?'
				. ' AND unit = 1 AND id = ?',
				[$lot['remaining'] - $part, $lot['remaining'] > $part ? 1 : 0, $card, $lot['id']]];
			$writes[] = ['INSERT INTO bare.allocation (organisation_id, card_id, unit, owner_id, position, lot_id, taken,'
				. ' held, returned, at) VALUES (1, ?, 1, ?, ?, ?, ?, 0, 0, ?)',
				[$card, $id, $position, $lot['id'], $part, $now]];
		}
	}
	return $writes;
}

function posting_writes(PDO $db, array $wish, string $card, int $change, string $id): array
{
	$now = (int)(microtime(true) * 1000);
	$none = str_repeat("\0", 16);
	$tag = str_repeat("\xba", 32);
	$read = $db->prepare('SELECT a.*, d.id AS known FROM card c JOIN bare.account a ON a.organisation_id = 1'
		. ' AND a.card_id = c.id AND a.unit = 1 LEFT JOIN bare.entry d FORCE INDEX (by_document) ON d.organisation_id = 1'
		. ' AND d.card_id = c.id AND d.doc_id = ? AND d.doc_type = ?'
		. ' WHERE c.organisation_id = 1 AND c.id = ? FOR UPDATE');
	$read->execute([$wish['doc_id'], $wish['doc_type'], $card]);
	$account = $read->fetch(PDO::FETCH_ASSOC);
	$read->closeCursor();
	if (!$account || $account['known'] || $account['available'] + $change < 0) {
		throw new Exception('not posted');
	}
	$ends = $now + 86400000 * ($wish['invalidate_period'] ?? 0);
	$writes = $change < 0 ? eat($db, $card, -$change, $id, $now)
		: [['INSERT INTO bare.lot (organisation_id, card_id, unit, id, is_open, amount, remaining, held, active_from,'
			. ' active_to, burn_at, entry_id, origin_lot, business_at, posted_at, returned)'
			. ' VALUES (1, ?, 1, ?, 1, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, 0)',
			[$card, $id, $change, $change, $now, $ends, $ends, $id, $none, $now, $now]]];
	$journal = random_bytes(16);
	$writes[] = ['INSERT INTO bare.entry (organisation_id, account_card_id, unit, seq, id, kind, amount, balance_after,'
		. ' posted_at, business_at, card_id, corrects_id, journal_id, active_from, active_to, author, author_digest,'
		. ' description, description_digest, doc_id, doc_type, kkm_id, shop_id, discount_id, counted, kid, tag)'
		. " VALUES (1, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, '', ?, ?, ?, ?, ?, '', 0, 'local', ?)",
		[$card, $account['last_seq'] + 1, $id, $change < 0 ? 3 : 2, $change, $account['balance'] + $change, $now, $now,
			$card, $none, $journal, $wish['author'], $tag, $tag, $wish['doc_id'], $wish['doc_type'], $wish['kkm_id'],
			$wish['shop_id'], $tag]];
	$writes[] = ['UPDATE bare.account SET balance = ?, available = ?, received = ?, last_seq = ?, last_posted_at = ?,'
		. ' last_tag = ?, mac = ?, last_activity_at = ?, last_transaction_at = ?, last_transaction_id = ?,'
		. ' activity_at = ? WHERE organisation_id = 1 AND card_id = ? AND unit = 1',
		[$account['balance'] + $change, $account['available'] + $change, $account['received'] + max($change, 0),
			$account['last_seq'] + 1, $now, $tag, $tag, $now, $now, $id, $now, $card]];
	$writes[] = ['INSERT INTO bare.journal (organisation_id, id, fingerprint, status, at, operation, object_id, entries,'
		. " subject, request_id, traceparent, changes) VALUES (1, ?, ?, 200, ?, 'transaction_add', ?, ?, 'demo', ?,"
		. " '', '{}')", [$journal, $tag, $now, $card, $id, bin2hex($journal)]];
	return $writes;
}

// Values put in by PDO can go as one packet; statements prepared at the server go one by one.
function posting(PDO $db, array $wish, string $card, int $change, string $id): void
{
	$writes = posting_writes($db, $wish, $card, $change, $id);
	if (!$GLOBALS['emulated']) {
		foreach ($writes as [$text, $values]) {
			$db->prepare($text)->execute($values);
		}
		return;
	}
	$write = $db->prepare(implode(';', array_column($writes, 0)));
	$write->execute(array_merge(...array_column($writes, 1)));
	while ($write->nextRowset()) {
		continue;
	}
}

function posted(PDO $db, string $job): array
{
	$wish = json_decode(file_get_contents('php://input'), true);
	$card = hex2bin(str_replace('-', '', $wish['card_id']));
	$change = (int)round($wish['sum'] * 100) * ($wish['type'] ? -1 : 1);
	$id = random_bytes(16);
	$db->beginTransaction();
	try {
		($job === 'two' ? two(...) : posting(...))($db, $wish, $card, $change, $id);
		$db->commit();
	} catch (Throwable $error) {
		$db->rollBack();
		throw $error;
	}
	return ['id' => dashed($id)];
}

try {
	$id = hex2bin(str_replace('-', '', $id));
	echo json_encode(match ($job) {
		'card' => card($db, $id),
		'list' => listed($db, $id),
		'two', 'posting' => posted($db, $job),
	}, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
} catch (Throwable $error) {
	http_response_code(409);
	echo json_encode(['error' => $error->getMessage()]);
}
