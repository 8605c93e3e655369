// The bare job in Node: node peer.mjs PORT PROCESSES, BARE_KEY, BARE_DB_SOCKET, BARE_DB_NAME and NODE_PATH_MODULES (the
// folder of mysql2) in the environment. card/UUID, list/UUID, two (a posting of two rows) and posting (of the
// service's rows), as bare.h
import cluster from 'node:cluster';
import http from 'node:http';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';

const IDS = ['id', 'parent_id', 'mastercard_id', 'referallink_id', 'card_level_id', 'user_id', 'new_card_id'];
const COLUMNS = `SELECT c.id, c.parent_id, c.code, c.barcode, c.name, c.description, c.active, c.blocked,
 c.blocked_description AS blockeddescription, c.master_id AS mastercard_id, c.referral_id AS referallink_id,
 c.phone, c.email, c.external AS external_card, c.accum_sale_amount, c.level_id AS card_level_id,
 c.activated_at AS date_active, c.activation_shop_id, c.deactivated_at AS date_deactivate,
 c.person_id AS user_id, c.image, c.blocked_until AS date_unblock, c.new_card_id FROM card c`;
const NONE = Buffer.alloc(16), TAG = Buffer.alloc(32, 0xba);
const POOL = 8;
let pool;

function dashed(id) {
	const hex = id.toString('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function shown(row) {
	for (const name of IDS)
		row[name] = dashed(row[name]);
	return row;
}

function binary(id) {
	return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function tokenGood(token = '') {
	const at = token.lastIndexOf('.');
	const own = createHmac('sha256', process.env.BARE_KEY).update(token.slice(0, at)).digest();
	const sent = Buffer.from(token.slice(at + 1), 'hex');
	return sent.length === own.length && timingSafeEqual(own, sent) && +token.split('.')[1] > Date.now() / 1000;
}

async function card(id) {
	const [rows] = await pool.execute(`${COLUMNS} WHERE c.organisation_id = 1 AND c.id = ?`, [binary(id)]);
	return { card: shown(rows[0]) };
}

async function list(id) {
	const key = [binary(id)];
	const [[rows], [count]] = await Promise.all([
		pool.execute(`${COLUMNS} FORCE INDEX (parent_active) WHERE c.organisation_id = 1 AND c.live = 1
 AND c.parent_id = ? AND c.active = 1 ORDER BY c.organisation_id, c.live, c.parent_id, c.active, c.name_key, c.id LIMIT 10`, key),
		pool.execute(
			`SELECT COUNT(*) AS n FROM card FORCE INDEX (parent_active)
 WHERE organisation_id = 1 AND live = 1 AND parent_id = ? AND active = 1`, key)]);
	return { cards: rows.map(shown), items: count[0].n };
}

async function two(connection, { card, change, id }) {
	const [rows] = await connection.execute('SELECT balance FROM bare.two_card WHERE id = ? FOR UPDATE', [card]);
	const balance = Number(rows[0].balance) + change;
	if (balance < 0)
		throw new Error('not enough');
	await connection.execute('INSERT INTO bare.two_entry (card_id, amount, balance_after, id) VALUES (?, ?, ?, ?)',
		[card, change, balance, id]);
	await connection.execute('UPDATE bare.two_card SET balance = ?, version = version + 1 WHERE id = ?',
		[balance, card]);
}

// What a spend takes of the open lots: statements with their values.
async function eat(connection, { card, change, id, now }) {
	const [lots] = await connection.execute(`SELECT id, remaining FROM bare.lot FORCE INDEX (burn_order)
 WHERE organisation_id = 1 AND card_id = ? AND unit = 1 AND is_open = 1 ORDER BY burn_at, active_from, id LIMIT 64`, [card]);
	const writes = [];
	let sum = -change;
	for (const [position, lot] of lots.entries()) {
		const part = Math.min(sum, lot.remaining);
		sum -= part;
		if (part > 0)
			writes.push([`UPDATE bare.lot SET remaining = ?, is_open = ? WHERE organisation_id = 1 AND card_id = ?
 AND unit = 1 AND id = ?`, [lot.remaining - part, lot.remaining > part ? 1 : 0, card, lot.id]],
			[`INSERT INTO bare.allocation (organisation_id, card_id, unit, owner_id, position, lot_id, taken, held,
 returned, at) VALUES (1, ?, 1, ?, ?, ?, ?, 0, 0, ?)`, [card, id, position, lot.id, part, now]]);
	}
	return writes;
}

async function postingWrites(connection, posting) {
	const { wish, card, change, id, now } = posting, journal = randomBytes(16);
	const [[account]] = await connection.execute(`SELECT a.*, d.id AS known FROM card c
 JOIN bare.account a ON a.organisation_id = 1 AND a.card_id = c.id AND a.unit = 1
 LEFT JOIN bare.entry d FORCE INDEX (by_document) ON d.organisation_id = 1 AND d.card_id = c.id AND d.doc_id = ?
 AND d.doc_type = ? WHERE c.organisation_id = 1 AND c.id = ? FOR UPDATE`, [wish.doc_id, wish.doc_type, card]);
	if (!account || account.known || account.available + change < 0)
		throw new Error('not posted');
	const ends = now + 86400000 * (wish.invalidate_period ?? 0);
	const lots = change < 0 ? await eat(connection, posting)
		: [[`INSERT INTO bare.lot (organisation_id, card_id, unit, id, is_open, amount, remaining, held, active_from,
 active_to, burn_at, entry_id, origin_lot, business_at, posted_at, returned)
 VALUES (1, ?, 1, ?, 1, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, 0)`,
		[card, id, change, change, now, ends, ends, id, NONE, now, now]]];
	return [...lots,
		[`INSERT INTO bare.entry (organisation_id, account_card_id, unit, seq, id, kind, amount, balance_after, posted_at,
 business_at, card_id, corrects_id, journal_id, active_from, active_to, author, author_digest, description,
 description_digest, doc_id, doc_type, kkm_id, shop_id, discount_id, counted, kid, tag)
 VALUES (1, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, '', ?, ?, ?, ?, ?, '', 0, 'local', ?)`,
		[card, account.last_seq + 1, id, change < 0 ? 3 : 2, change, account.balance + change, now, now, card, NONE,
			journal, wish.author, TAG, TAG, wish.doc_id, wish.doc_type, wish.kkm_id, wish.shop_id, TAG]],
		[`UPDATE bare.account SET balance = ?, available = ?, received = ?, last_seq = ?, last_posted_at = ?, last_tag = ?,
 mac = ?, last_activity_at = ?, last_transaction_at = ?, last_transaction_id = ?, activity_at = ?
 WHERE organisation_id = 1 AND card_id = ? AND unit = 1`,
		[account.balance + change, account.available + change, account.received + Math.max(change, 0),
			account.last_seq + 1, now, TAG, TAG, now, now, id, now, card]],
		[`INSERT INTO bare.journal (organisation_id, id, fingerprint, status, at, operation, object_id, entries, subject,
 request_id, traceparent, changes) VALUES (1, ?, ?, 200, ?, 'transaction_add', ?, ?, 'demo', ?, '', '{}')`,
		[journal, TAG, now, card, id, journal.toString('hex')]]];
}

// Written in one packet.
async function same(connection, posting) {
	const writes = await postingWrites(connection, posting);
	await connection.query(writes.map(([text]) => text).join(';'), writes.flatMap(([, values]) => values));
}

async function posted(write, body) {
	const wish = JSON.parse(body), id = randomBytes(16), connection = await pool.getConnection();
	const change = Math.round(wish.sum * 100) * (wish.type ? -1 : 1);
	try {
		await connection.query('BEGIN');
		await write(connection, { wish, card: binary(wish.card_id), change, id, now: Date.now() });
		await connection.query('COMMIT');
		return { id: dashed(id) };
	} catch (error) {
		await connection.query('ROLLBACK');
		throw error;
	} finally {
		connection.release();
	}
}

async function answer(request, body) {
	const [, job, id] = request.url.split('/');
	if (!tokenGood(request.headers.token))
		return [401, { error: 'token' }];
	if (job === 'card' || job === 'list')
		return [200, await (job === 'card' ? card : list)(id)];
	return [200, await posted(job === 'two' ? two : same, body)];
}

async function body(request) {
	const parts = [];
	for await (const part of request)
		parts.push(part);
	return Buffer.concat(parts).toString();
}

async function serve(request, response) {
	let status = 409, content;
	try {
		[status, content] = await answer(request, request.method === 'POST' ? await body(request) : '');
	} catch (error) {
		content = { error: error.message };
	}
	const text = JSON.stringify(content);
	response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
	response.end(text);
}

const [port, processes] = process.argv.slice(2).map(Number);
if (cluster.isPrimary) {
	for (let i = 0; i < processes; i++)
		cluster.fork();
	process.on('SIGTERM', () => {
		for (const worker of Object.values(cluster.workers))
			worker.process.kill('SIGTERM');
		process.exit(0);
	});
} else {
	const mysql = createRequire(`${process.env.NODE_PATH_MODULES}/x.js`)('mysql2/promise');
	pool = mysql.createPool({ socketPath: process.env.BARE_DB_SOCKET, user: 'root', database: process.env.BARE_DB_NAME,
		connectionLimit: POOL, multipleStatements: true, charset: 'utf8mb4' });
	http.createServer(serve).listen(port, '127.0.0.1');
}
