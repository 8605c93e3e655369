-- wrk -s requests.lua URL -- FILE: plays the lines "METHOD PATH [BODY]" of FILE in a circle,
-- each thread from its own place. BENCH_HEADERS: lines "Name: value" sent with every request.
-- Prints one line of JSON.
local threads, requests, at = {}, {}, 0

answered = 0

function setup(thread)
	threads[#threads + 1] = thread
	thread:set("number", #threads)
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
		requests[#requests + 1] = wrk.format(method, path, nil, body ~= "" and body or nil)
	end
	math.randomseed(number * 7919)
	at = math.random(0, #requests - 1)
end

function request()
	at = at % #requests + 1
	return requests[at]
end

function response()
	answered = answered + 1
end

function done(summary, latency)
	local fewest, unanswered = math.huge, 0
	for _, thread in ipairs(threads) do
		local n = thread:get("answered")
		fewest = math.min(fewest, n)
		if n == 0 then
			unanswered = unanswered + 1
		end
	end
	local errors = summary.errors
	io.write(string.format(
		'{"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, ' ..
			'"refused": %d, "lost": %d, "fewest": %d, "unanswered": %d}\n',
		summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
		latency:percentile(99) / 1e3, latency.max / 1e3, errors.status,
		errors.connect + errors.read + errors.write + errors.timeout, fewest, unanswered))
end
