# Reads names of C files, prints faults: include direction, headers that one file only may
# include, cycles of includes, SQL in C strings, files that are too long.

BEGIN {
	under["core/base"] = "core/base"
	under["core/store"] = "core/base core/store"
	under["core/auth"] = under["core/service"] = "core/base core/store core/auth core/service"
	under["sql"] = "sql core/base"
	# An include that only these files may have: prefix of the header -> pattern of files.
	only["mysql"] = "^core/store/db"
	only["errmsg.h"] = "^core/store/db"
	only["fcgi"] = "^fcgi/worker\\.c$"
	only["fcgiapp.h"] = "^fcgi/worker\\.c$"
	only["json-c/"] = "^core/base/json"
	only["json.h>"] = "^core/base/json"
	only["openssl/"] = "^core/base/crypto"
	only["libxml/"] = "^fcgi/codec_xml"
	only["curl/"] = "^core/notify/"
	only["ini.h"] = "^core/base/config"
	only["utf8proc"] = "^core/base/text"
}

{ file[NR] = $0; folder[$0] = folder_of($0); if ($0 ~ /\.h$/) header[base_of($0)] = $0 }

END {
	for (f = 1; f <= NR; f++)
		scan(file[f])
	for (i = 1; i <= includes; i++)
		judge(i)
	cycles()
}

function folder_of(path) { sub(/\/[^\/]*$/, "", path); return path }
function base_of(path) { sub(/.*\//, "", path); return path }
function fault(path, line, rule, what) { print path ":" line ": " rule ": " what }

# Fills inc_from, inc_line, inc_name, inc_system and looks at every string.
function scan(path,    line, n) {
	n = comment = 0
	text = ""
	while ((getline line < path) > 0) {
		n++
		if (match(line, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*[>"]/))
			add_include(path, n, substr(line, RSTART, RLENGTH))
		else if (comment || line ~ /["\/]/)
			lex(path, n, line)
		else if (line !~ /^[ \t]*$/)
			end_of_text(path, n)
	}
	close(path)
	end_of_text(path, n)
	if (path ~ /\.c$/ && n > 500)
		fault(path, n, "file-length", n " lines, more than 500")
}

function add_include(path, n, text,    quote) {
	includes++
	match(text, /[<"]/)
	quote = substr(text, RSTART, 1)
	inc_from[includes] = path
	inc_line[includes] = n
	inc_system[includes] = quote == "<"
	inc_name[includes] = substr(text, RSTART + 1, length(text) - RSTART - 1)
}

# Joins neighbouring string literals into `text`; anything between them ends it.
function lex(path, n, line,    i, c, length_) {
	length_ = length(line)
	for (i = 1; i <= length_; i++) {
		c = substr(line, i, 1)
		if (comment) {
			if (c == "*" && substr(line, i + 1, 1) == "/") { comment = 0; i++ }
		} else if (c == "/" && substr(line, i + 1, 1) == "*") {
			comment = 1; i++
		} else if (c == "/" && substr(line, i + 1, 1) == "/") {
			return
		} else if (c == "'") {
			for (i++; i <= length_ && substr(line, i, 1) != "'"; i++)
				if (substr(line, i, 1) == "\\") i++
		} else if (c == "\"") {
			for (i++; i <= length_ && (c = substr(line, i, 1)) != "\""; i++) {
				if (c == "\\") { i++; c = " " }
				text = text c
			}
		} else if (c !~ /[ \t]/) {
			end_of_text(path, n)
		}
	}
}

function end_of_text(path, n,    upper) {
	if (text == "")
		return
	upper = " " toupper(text) " "
	text = ""
	if (path ~ /^(core\/store\/(select|db_keys\.c)|sql\/|tests\/)/)
		return
	if (upper ~ /[^A-Z_](SELECT .* FROM|INSERT INTO|REPLACE INTO|UPDATE .* SET .*=|DELETE FROM|(CREATE|ALTER|DROP) (TABLE|INDEX)) /)
		fault(path, n, "sql", "a statement in a C string; it belongs into sql/query")
}

# Where a header lives; what sqlgen writes counts as store.
function home(from, name,    beside) {
	beside = folder_of(from) "/" name
	if (beside in folder) return folder[beside]
	name = base_of(name)
	if (name in header) return folder[header[name]]
	if (name ~ /_gen\.h$/) return "core/store"
	return ""
}

function judge(i,    from, name, at, to, rule, foreign) {
	from = inc_from[i]; name = inc_name[i]; at = folder_of(from)
	if (at ~ /^tests/)
		return
	foreign = inc_system[i] || home(from, name) == ""
	for (rule in only)
		if (foreign && index(name ">", rule) == 1 && from !~ only[rule])
			fault(from, inc_line[i], "only-here", "<" name "> may be included by " only[rule] " only")
	if (inc_system[i])
		return
	to = home(from, name)
	if (to == "" || to == at)
		return
	if (at ~ /^fcgi/ && (base_of(name) == "db.h" || base_of(name) == "stmt_gen.h"))
		fault(from, inc_line[i], "direction", "fcgi knows no statement: \"" name "\"")
	else if (!may_see(at, to))
		fault(from, inc_line[i], "direction", at " may not include \"" name "\" of " to)
}

function may_see(at, to) {
	if (to ~ /^tests/)
		return 0
	if (at in under)
		return index(" " under[at] " ", " " to " ") > 0
	if (at ~ /^fcgi/)
		return to ~ /^(fcgi|core)/ && to !~ /^core\/(admin|notify)/
	return to ~ /^core\// && to !~ /^core\/(admin|notify)/
}

# Takes away headers whose includes are all gone; what stays is on a cycle or leads to one.
function cycles(    i, to, again, f, stuck) {
	for (i = 1; i <= includes; i++) {
		if (inc_system[i]) continue
		to = folder_of(inc_from[i]) "/" inc_name[i]
		if (!(to in folder)) to = header[base_of(inc_name[i])]
		if (to == "") continue
		if (to == inc_from[i]) { fault(to, inc_line[i], "cycle", "includes itself"); continue }
		edge_to[++edges] = to
		edge_from[edges] = inc_from[i]
	}
	for (f = 1; f <= NR; f++) left[file[f]] = 1
	for (again = 1; again;) {
		again = 0
		split("", busy)
		for (i = 1; i <= edges; i++)
			if ((edge_from[i] in left) && (edge_to[i] in left)) busy[edge_from[i]] = 1
		for (f in left)
			if (!(f in busy)) { gone[f] = 1; again = 1 }
		for (f in gone) delete left[f]
		split("", gone)
	}
	for (f in left)
		if (f ~ /\.h$/) fault(f, 1, "cycle", "is on a cycle of includes, or leads to one")
}
