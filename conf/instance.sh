# shellcheck shell=bash disable=SC2034 # sourced by conf/up and conf/down, which use the names
# Where the parts of a local instance are, and which of them live.

top=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
me=conf/${0##*/}
programs=$top/build/release
# Masters of an instance, in the order of stopping.
daemons=(nginx kartoteka-fcgi kartoteka-notifier mariadbd)

say() {
	printf '%s: %s\n' "$me" "$1" >&2
}

die() {
	say "$2"
	exit "$1"
}

# Sets the paths of the instance whose folder is $1.
locate() {
	state=$(readlink -m -- "${1:-$top/build/state}")
	config=$state/kartoteka.ini
	database=$state/db
}

# Whoever holds the lock is alone with the state; `conf/down --wipe` may have taken the file away.
lock_state() {
	while :; do
		exec 9>>"$state/lock"
		flock 9
		[ ! "$state/lock" -ef /dev/fd/9 ] || return 0
	done
}

# A daemon's file with the process id, what its command line must hold to be the one of this
# state, and the folder that it and its children work in.
daemon_files() {
	case $1 in
	nginx) pid_file=$state/nginx/nginx.pid mark=$state/nginx/ home=$state/nginx ;;
	kartoteka-fcgi) pid_file=$state/kartoteka-fcgi.pid mark=$config home=$state/workers ;;
	kartoteka-notifier) pid_file=$state/kartoteka-notifier.pid mark=$config home=$state/notifier ;;
	mariadbd) pid_file=$database/mariadbd.pid mark=$database/data home= ;;
	esac
}

# Prints the process id of a living daemon of this state; status 1 when it does not live.
pid_of() {
	local pid_file mark home pid words=()
	daemon_files "$1"
	{ read -r pid <"$pid_file"; } 2>/dev/null || return 1
	[[ $pid =~ ^[1-9][0-9]*$ ]] || return 1
	mapfile -d '' -t words 2>/dev/null <"/proc/$pid/cmdline" || return 1
	[[ "${words[*]}" == *"$1"*"$mark"* ]] || return 1
	printf '%s\n' "$pid"
}

# Waits until a process is gone: gone PID SECONDS
gone() {
	local end=$((SECONDS + $2))
	while [ -e "/proc/$1" ] && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; do
		[ "$SECONDS" -le "$end" ] || return 1
		sleep 0.02
	done
}

# Ends the children that a killed master left behind: they hold its port or socket.
sweep() {
	local pid_file mark home link pid
	daemon_files "$1"
	[ -d "$home" ] || return 0
	for link in /proc/[0-9]*/cwd; do
		[ "$link" -ef "$home" ] || continue
		pid=${link//[^0-9]/}
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$1" ] || continue
		kill -KILL "$pid" 2>/dev/null || true
		gone "$pid" 10
	done
}

# Stops a daemon of this state: TERM, and KILL when it does not go.
stop_daemon() {
	local pid
	pid=$(pid_of "$1") || { sweep "$1" && return; }
	if [ "$1" = mariadbd ]; then
		"$top/conf/mariadb" stop "$database" >/dev/null || return 1
	else
		kill -TERM "$pid" 2>/dev/null || true
		gone "$pid" 40 || { say "$1 ($pid) does not end, killing it" && kill -KILL "$pid"; }
	fi
	gone "$pid" 10 || { say "$1 ($pid) is still there" && return 1; }
	sweep "$1"
}

# Whether somebody listens on a TCP port of this host.
port_taken() {
	local hex
	printf -v hex '%04X' "$1"
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$hex" '
		$4 == "0A" { n = split($2, address, ":"); if (address[n] == port) taken = 1 }
		END { exit !taken }'
}
