<?php // The two-row posting of bare.sql in php-fpm, in five trips: what the service is held against.
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
$db->beginTransaction();
try {
	$read = $db->prepare('SELECT balance FROM two_card WHERE id = ? FOR UPDATE');
	$read->execute([$card]);
	$balance = (int)$read->fetchColumn() + $change;
	$read->closeCursor();
	if ($balance < 0) {
		throw new Exception('not enough');
	}
	$id = random_bytes(16);
	$db->prepare('INSERT INTO two_entry (card_id, amount, balance_after, id) VALUES (?, ?, ?, ?)')
		->execute([$card, $change, $balance, $id]);
	$db->prepare('UPDATE two_card SET balance = ?, version = version + 1 WHERE id = ?')->execute([$balance, $card]);
	$db->commit();
	$hex = bin2hex($id);
	echo json_encode(['id' => substr($hex, 0, 8) . '-' . substr($hex, 8, 4) . '-' . substr($hex, 12, 4)
		. '-' . substr($hex, 16, 4) . '-' . substr($hex, 20)]);
} catch (Throwable $error) {
	$db->rollBack();
	http_response_code(409);
	echo json_encode(['error' => $error->getMessage()]);
}
