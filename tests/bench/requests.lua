-- wrk -s requests.lua URL -- FILE: plays the lines "METHOD PATH [BODY]" of FILE in a circle,
-- each thread from its own place. BENCH_HEADERS: lines "Name: value" sent with every request.
-- SERIAL in a body or header is another text of its width in every request.
-- Prints one line of JSON.
local SERIAL = "################"
local threads, requests, at, sent = {}, {}, 0, 0

answered, failed = 0, 0

function setup(thread)
	threads[#threads + 1] = thread
	thread:set("number", #threads)
end

-- The request, or what stands around its SERIALs.
function parts_of(text)
	local parts, from = {}, 1
	for i = 1, math.huge do
		local first, last = text:find(SERIAL, from, true)
		parts[i] = text:sub(from, (first or 0) - 1)
		if not first then
			return i == 1 and text or parts
		end
		from = last + 1
	end
end

function init(args)
	for name, value in (os.getenv("BENCH_HEADERS") or ""):gmatch("([%w-]+): ([^\n]+)") do
		wrk.headers[name] = value
	end
	for line in io.lines(args[1]) do
		local method, path, body = line:match("^(%u+) (%S+) ?(.*)$")
		if body ~= "" then
			wrk.headers["Content-Type"] = "application/json"
		end
		requests[#requests + 1] = parts_of(wrk.format(method, path, nil, body ~= "" and body or nil))
	end
	run = string.format("%s%02x", os.getenv("BENCH_RUN"), number)
	-- Elsewhere in each run: cards that a run begins with, points off, would end up with none.
	math.randomseed(tonumber(os.getenv("BENCH_RUN"), 16) + number * 7919)
	at = math.random(0, #requests - 1)
end

function request()
	at = at % #requests + 1
	local wanted = requests[at]
	if type(wanted) == "string" then
		return wanted
	end
	sent = sent + 1
	return table.concat(wanted, string.format("%s%06x", run, sent))
end

function response(status)
	answered = answered + 1
	if status >= 500 then
		failed = failed + 1
	end
end

function done(summary, latency)
	local fewest, unanswered, fifth = math.huge, 0, 0
	for _, thread in ipairs(threads) do
		local n = thread:get("answered")
		fewest = math.min(fewest, n)
		fifth = fifth + thread:get("failed")
		if n == 0 then
			unanswered = unanswered + 1
		end
	end
	local errors = summary.errors
	io.write(string.format(
		'{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, ' ..
			'"refused": %d, "failed": %d, "lost": %d, "fewest": %d, "unanswered": %d}\n',
		summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
		latency:percentile(99) / 1e3, latency.max / 1e3, errors.status, fifth,
		errors.connect + errors.read + errors.write + errors.timeout, fewest, unanswered))
end
