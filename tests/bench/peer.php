<?php // Postings in php-fpm, in five trips: of two rows (/two) and of the service's rows (/posting), bare.sql
header('Content-Type: application/json');
[$text, $mac] = preg_split('/\.(?=[^.]*$)/', $_SERVER['HTTP_TOKEN'] ?? '') + ['', ''];
if (!hash_equals(hash_hmac('sha256', $text, getenv('BARE_KEY')), $mac ?? '')
	|| (int)explode('.', $text . '.')[1] < time()) {
	http_response_code(401);
	exit('{"error":"token"}');
}
$wish = json_decode(file_get_contents('php://input'), true);
$card = hex2bin(str_replace('-', '', $wish['card_id']));
$change = (int)round($wish['sum'] * 100) * ($wish['type'] ? -1 : 1);
$db = new PDO('mysql:unix_socket=' . getenv('BARE_DB_SOCKET') . ';dbname=bare;charset=utf8mb4', 'root', '', [
	PDO::ATTR_PERSISTENT => true, PDO::ATTR_EMULATE_PREPARES => true,
	PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);

function two(PDO $db, array $wish, string $card, int $change, string $id): void
{
	$read = $db->prepare('SELECT balance FROM two_card WHERE id = ? FOR UPDATE');
	$read->execute([$card]);
	$balance = (int)$read->fetchColumn() + $change;
	$read->closeCursor();
	if ($balance < 0) {
		throw new Exception('not enough');
	}
	$db->prepare('INSERT INTO two_entry (card_id, amount, balance_after, id) VALUES (?, ?, ?, ?)')
		->execute([$card, $change, $balance, $id]);
	$db->prepare('UPDATE two_card SET balance = ?, version = version + 1 WHERE id = ?')->execute([$balance, $card]);
}

// What a spend takes of the open lots: statements and their values.
function eat(PDO $db, string $card, int $sum, string $id, int $now): array
{
	$read = $db->prepare('SELECT id, remaining FROM lot FORCE INDEX (burn_order) WHERE organisation_id = 1'
		. ' AND card_id = ? AND unit = 1 AND is_open = 1 ORDER BY burn_at, active_from, id LIMIT 64');
	$read->execute([$card]);
	$texts = $values = [];
	foreach ($read->fetchAll(PDO::FETCH_ASSOC) as $position => $lot) {
		$part = min($sum, $lot['remaining']);
		$sum -= $part;
		if ($part > 0) {
			$texts[] = 'UPDATE lot SET remaining = ?, is_open = ? WHERE organisation_id = 1 AND card_id = ?'
				. ' AND unit = 1 AND id = ?';
			$texts[] = 'INSERT INTO allocation VALUES (1, ?, 1, ?, ?, ?, ?, 0, 0, ?)';
			array_push($values, $lot['remaining'] - $part, $lot['remaining'] > $part ? 1 : 0, $card, $lot['id'],
				$card, $id, $position, $lot['id'], $part, $now);
		}
	}
	return [$texts, $values];
}

function posting(PDO $db, array $wish, string $card, int $change, string $id): void
{
	$now = (int)(microtime(true) * 1000);
	$none = str_repeat("\0", 16);
	$tag = str_repeat("\xba", 32);
	$read = $db->prepare('SELECT a.*, d.id AS known FROM kartoteka.card c JOIN account a ON a.organisation_id = 1'
		. ' AND a.card_id = c.id AND a.unit = 1 LEFT JOIN entry d FORCE INDEX (by_document) ON d.organisation_id = 1'
		. ' AND d.card_id = c.id AND d.doc_id = ? AND d.doc_type = ?'
		. ' WHERE c.organisation_id = 1 AND c.id = ? FOR UPDATE');
	$read->execute([$wish['doc_id'], $wish['doc_type'], $card]);
	$account = $read->fetch(PDO::FETCH_ASSOC);
	$read->closeCursor();
	if (!$account || $account['known'] || $account['available'] + $change < 0) {
		throw new Exception('not posted');
	}
	$ends = $now + 86400000 * ($wish['invalidate_period'] ?? 0);
	[$texts, $values] = $change < 0 ? eat($db, $card, -$change, $id, $now)
		: [['INSERT INTO lot VALUES (1, ?, 1, ?, 1, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, 0)'],
			[$card, $id, $change, $change, $now, $ends, $ends, $id, $none, $now, $now]];
	$journal = random_bytes(16);
	$texts[] = 'INSERT INTO entry (organisation_id, account_card_id, unit, seq, id, kind, amount, balance_after,'
		. ' posted_at, business_at, card_id, corrects_id, journal_id, active_from, active_to, author, author_digest,'
		. ' description, description_digest, doc_id, doc_type, kkm_id, shop_id, discount_id, counted, kid, tag)'
		. " VALUES (1, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, '', ?, ?, ?, ?, ?, '', 0, 'local', ?)";
	array_push($values, $card, $account['last_seq'] + 1, $id, $change < 0 ? 3 : 2, $change,
		$account['balance'] + $change, $now, $now, $card, $none, $journal, $wish['author'], $tag, $tag,
		$wish['doc_id'], $wish['doc_type'], $wish['kkm_id'], $wish['shop_id'], $tag);
	$texts[] = 'UPDATE account SET balance = ?, available = ?, received = ?, last_seq = ?, last_posted_at = ?,'
		. ' last_tag = ?, mac = ?, last_activity_at = ?, last_transaction_at = ?, last_transaction_id = ?,'
		. ' activity_at = ? WHERE organisation_id = 1 AND card_id = ? AND unit = 1';
	array_push($values, $account['balance'] + $change, $account['available'] + $change,
		$account['received'] + max($change, 0), $account['last_seq'] + 1, $now, $tag, $tag, $now, $now, $id, $now,
		$card);
	$texts[] = 'INSERT INTO journal (organisation_id, id, fingerprint, status, at, operation, object_id, entries,'
		. " subject, request_id, traceparent, changes) VALUES (1, ?, ?, 200, ?, 'transaction_add', ?, ?, 'demo', ?,"
		. " '', '{}')";
	array_push($values, $journal, $tag, $now, $card, $id, bin2hex($journal));
	$write = $db->prepare(implode(';', $texts));
	$write->execute($values);
	while ($write->nextRowset()) {
		continue;
	}
}

$db->beginTransaction();
try {
	$id = random_bytes(16);
	($_SERVER['REQUEST_URI'] === '/two' ? 'two' : 'posting')($db, $wish, $card, $change, $id);
	$db->commit();
	$hex = bin2hex($id);
	echo json_encode(['id' => substr($hex, 0, 8) . '-' . substr($hex, 8, 4) . '-' . substr($hex, 12, 4)
		. '-' . substr($hex, 16, 4) . '-' . substr($hex, 20)]);
} catch (Throwable $error) {
	$db->rollBack();
	http_response_code(409);
	echo json_encode(['error' => $error->getMessage()]);
}
