-- For wrk: callbacks that are all different, nine of ten signed, one forged. scripts/load.sh runs it and counts what the server says.
-- SIGNS names a file with a line "time Sign" for each second of the run, APP is the SDKAppID.

local threads = {}

function setup(thread)
    thread:set("number", #threads + 1)
    table.insert(threads, thread)
end

local signs, app, sent = {}, os.getenv("APP"), 0
taken, refused, other = 0, 0, 0

function init()
    for line in io.lines(os.getenv("SIGNS")) do
        local time, sign = line:match("(%d+) (%x+)")
        signs[time] = sign
    end
end

local BODY = '{"CallbackCommand":"Room.CallbackAfterDestroyRoom","Operator_Account":"load","RoomId":"%s-%d-%d","EventTime":%d000}'

function request()
    sent = sent + 1
    local time = tostring(os.time())
    local sign, kind = signs[time], "signed"
    if sent % 10 == 0 then
        kind, sign = "forged", sign:reverse()
    end
    local path = "/callback?SdkAppid=" .. app .. "&CallbackCommand=Room.CallbackAfterDestroyRoom&contenttype=json&Sign=" .. sign ..
        "&RequestTime=" .. time
    return wrk.format("POST", path, nil, BODY:format(kind, number, sent, time))
end

function response(status)
    if status == 200 then
        taken = taken + 1
    elseif status == 403 then
        refused = refused + 1
    else
        other = other + 1
    end
end

function done(summary, latency)
    local sum = { taken = 0, refused = 0, other = 0 }
    for _, thread in ipairs(threads) do
        for name in pairs(sum) do
            sum[name] = sum[name] + thread:get(name)
        end
    end
    local errors = summary.errors
    print(("COUNTS %d %d %d %d"):format(sum.taken, sum.refused, sum.other, errors.connect + errors.read + errors.write + errors.timeout))
    print(("requests a second %.0f; latency p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, longest %.2f ms"):format(
        summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        latency:percentile(99.9) / 1e3, latency.max / 1e3))
end
