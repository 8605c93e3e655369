# A service of its own for tests, to be sourced: organisations, tokens, the workers and nginx.
# The caller sets top, build (absolute), state (emptied by prepare) and database, and traps
# stop_all. KARTOTEKA_TEST_SOCKET names the database server's socket. May be set: workers (2),
# wrapper (array: a program and its options that runs kartoteka-fcgi).
# shellcheck shell=bash disable=SC2154,SC2034

pids=()

stop_all() {
	local pid
	for pid in "${pids[@]}"; do
		kill -TERM "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	[ -z "${run:-}" ] || rm -rf "$run"
}

key_line() {
	printf 'wire %s%s\n' "$(head -c 32 /dev/urandom | base64 -w0)" "${1:+ $1}"
}

admin() {
	"$build/kartoteka" --config "$state/kartoteka.ini" "$@"
}

# A token of an organisation: token ORGANISATION SUBJECT ROLE SCOPES TTL
token() {
	admin token issue --organisation "$1" --subject "$2" --role "$3" --scope "$4" --ttl "$5"
}

prepare() {
	rm -rf "$state"
	mkdir -p "$state/nginx/temp" "$state/spool" "$state/files"
	run=$(mktemp -d "${TMPDIR:-/tmp}/kartoteka-wire.XXXXXXXX") # a socket's path is short
	(umask 077 && key_line sign >"$state/keyring" && key_line >"$state/ledger.keys")
	cat >"$state/kartoteka.ini" <<TEXT
[server]
socket = $run/kartoteka.sock
socket_mode = 0666
workers = ${workers:-2}
[database]
socket = $KARTOTEKA_TEST_SOCKET
name = $database
user = root
[token]
keyring = keyring
[ledger]
keys = ledger.keys
[files]
folder = files
[notify]
spool = spool
TEXT
	mariadb --no-defaults --socket="$KARTOTEKA_TEST_SOCKET" --user=root \
		-e "DROP DATABASE IF EXISTS $database; CREATE DATABASE $database CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
	admin migrate >"$state/migrate.log"
	admin organisation add --id 1 --name First >/dev/null
	admin organisation add --id 2 --name Second >/dev/null
	admin organisation add --id 3 --name 'Empty lists' --set empty_list=200 --set identify=none \
		--set default_image=https://example.com/card.png >/dev/null
	admin organisation add --id 4 --name Pages >/dev/null
	admin organisation add --id 5 --name People >/dev/null
	admin organisation add --id 7 --name Levels >/dev/null
	admin organisation add --id 8 --name Perform --set level_check=perform --set cards_per_user=2 >/dev/null
	admin organisation add --id 17 --name 'No returns' --set return_policy=refuse \
		--set invalidate_period_days=30 --set activation_period_days=2 >/dev/null
	admin organisation add --id 30 --name 'Core data' >/dev/null
	admin organisation add --id 18 --name Debts --set return_policy=negative >/dev/null
	admin organisation add --id 19 --name 'No cards' >/dev/null
	admin webhook add --organisation 19 --url https://example.com/events >/dev/null
	admin organisation add --id 10352 --name Files >/dev/null
	admin import cards "$top/tests/wire/card_file/vendor.json" --organisation 10352 >/dev/null
	printf 'secret password\n' | admin user add --organisation 1 --login wire --role organization \
		--scope 'cards:read cards:write' >/dev/null
	printf 'secret\n' | admin user add --organisation 1 --login capillary --role organization \
		>/dev/null
	admin source add --organisation 1 --name WEB >/dev/null
	admin source add --organisation 1 --name MANY --multi-account >/dev/null
	admin account add --organisation 1 --source MANY --id one >/dev/null
	admin account add --organisation 1 --source MANY --id two >/dev/null
}

# Organisations 21 and 22: car washes, of tests/wire/pos.
fill_washes() {
	local tiers='[{"ThresholdAmount":50,"BonusPercentage":10},{"ThresholdAmount":10,"BonusPercentage":2.5}]'
	admin organisation add --id 21 --name Wash --set "bonus_tiers=$tiers" \
		--set birthday_required_washings=2 >/dev/null
	admin organisation add --id 22 --name 'Every till' --timezone Asia/Kathmandu \
		--set tills_required=yes >/dev/null
	local number
	for number in 0 64 255; do
		admin till add --organisation 21 --number $number >/dev/null
	done
	admin till add --organisation 22 --number 1 >/dev/null
	admin article add --organisation 21 --number A-9 --label 'Shine & go' --receipt-label Shine >/dev/null
}

# What no body may lead to: a file that holds a card's number, and a port that tells who comes.
set_trap() {
	printf 'canary-%s' "$RANDOM$RANDOM" >"$state/canary"
	rm -f "$state/trap.port"
	"$top/tests/wire/trap" "$state/trap.port" "$state/trap.touched" </dev/null >"$state/trap.log" 2>&1 &
	pids+=($!)
	until [ -s "$state/trap.port" ]; do sleep 0.05; done
	defines+=(--define "canary=$state/canary" --define "canary_text=$(cat "$state/canary")"
		--define "trap=$(cat "$state/trap.port")")
}

# Nobody came; and who comes is seen.
trap_is_untouched() {
	[ ! -s "$state/trap.touched" ] || { echo "the trap was touched" >&2 && return 1; }
	exec 7<>"/dev/tcp/127.0.0.1/$(cat "$state/trap.port")"
	exec 7<&-
	sleep 0.5
	[ -s "$state/trap.touched" ] || { echo "the trap sees nobody" >&2 && return 1; }
}

# Organisation 6: more cards than a list counts.
fill_many() {
	admin demo --organisation 6 --cards 10050 --password-file "$state/demo.password" >/dev/null
}

define_tokens() {
	local all='cards:read cards:write ledger:read ledger:write people:read people:write'
	all+=' washing:read washing:write reports:read admin'
	defines=(
		--define "token=$(token 1 wire organization "$all" 3600)"
		--define "token_second=$(token 2 wire2 organization "$all" 3600)"
		--define "token_empty=$(token 3 wire3 organization "$all" 3600)"
		--define "token_pages=$(token 4 wire4 organization "$all" 3600)"
		--define "token_people=$(token 5 wire5 organization "$all" 3600)"
		--define "token_levels=$(token 7 wire7 organization "$all" 3600)"
		--define "token_perform=$(token 8 wire8 organization "$all" 3600)"
		--define "token_many=$(token 6 wire6 organization "$all" 3600)"
		--define "token_wash=$(token 21 wire21 organization "$all" 3600)"
		--define "token_tills=$(token 22 wire22 organization "$all" 3600)"
		--define "token_refuse=$(token 17 wire17 organization "$all" 3600)"
		--define "token_core=$(token 30 wire30 organization "$all" 3600)"
		--define "token_debt=$(token 18 wire18 organization "$all" 3600)"
		--define "token_none=$(token 19 wire19 organization "$all" 3600)"
		--define "token_file=$(token 10352 file organization "$all" 3600)"
		--define "token_reader=$(token 1 reader organization cards:read 3600)"
		--define "token_writer=$(token 1 writer organization cards:write 3600)"
		--define "token_client=$(token 1 01900000-0000-7000-8000-000000000001 client "$all" 3600)"
		--define "token_foreign=$(printf '%s' "$(token 1 wire organization "$all" 3600)" | sed 's/.$//')"
	)
}

# Port of this run: below those that the kernel gives to clients, and nobody listens there now.
choose_port() {
	port=$((20000 + RANDOM % 12000))
	while (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		port=$((20000 + RANDOM % 12000))
	done
}

write_nginx() {
	ln -sfn "$top/nginx" "$state/nginx/kartoteka"
	sed -e "s|@USER@|$([ "$(id -u)" -ne 0 ] || echo 'user root;')|" -e "s|@SOCKET@|$run/kartoteka.sock|" \
		-e "s|@PORT@|$port|" -e 's/^daemon on;/daemon off;/' "$top/nginx/local.conf.in" \
		>"$state/nginx/nginx.conf"
}

answers() {
	local tries
	for tries in {1..300}; do
		curl -sf -o /dev/null "http://127.0.0.1:$port/healthz" && return
		[ "$tries" -lt 300 ] && sleep 0.1
	done
	tail -n 20 "$state"/*.log "$state/nginx/error.log" >&2
	return 1
}

start_service() {
	"${wrapper[@]}" "$build/kartoteka-fcgi" --config "$state/kartoteka.ini" </dev/null 2>"$state/kartoteka-fcgi.log" &
	pids+=($!)
	choose_port
	write_nginx
	PATH=$PATH:/usr/sbin nginx -p "$state/nginx/" -c nginx.conf -e error.log </dev/null \
		>"$state/nginx.log" 2>&1 &
	pids+=($!)
	answers
}

# The programs of the release preset, below build/release: build_release LOG
build_release() {
	exec 8<"$top/conf/up" # conf/up builds here too
	flock 8
	{
		cmake -C "$top/conf/preset/release.cmake" -S "$top" -B "$top/build/release" -G Ninja &&
			ninja -C "$top/build/release" kartoteka kartoteka-fcgi
	} >"$1" 2>&1 8<&- || { tail -n 40 "$1" >&2 && exit 1; }
	exec 8<&-
}
