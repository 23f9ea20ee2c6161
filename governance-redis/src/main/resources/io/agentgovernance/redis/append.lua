-- Adds accepted commands to the log of a run, all of them or none; none asks what is missing.
-- KEYS control, log, leases, dedupe, agents, blackboard, blackboard versions
-- ARGV epoch, writer, batch, expected sequence, expected tail, channel, announce inline (0 or 1),
--      keep in ms, refresh (0 or 1), status or '',
--      number of fences, then resource, token, required (0 or 1) of each,
--      number of commands, then the JSON of each,
--      number of agents, then id, state of each,
--      number of values, then key, value, version of each
-- answers OK, time, fences that do not hold;
--         DUP, time, fences that did not hold;
--         CONFLICT, time, then JSON, batch of each change that is missing;
--         FENCED, time, fences that do not hold;
--         SUPERSEDED; LOST, what is there; LATE
local control, log, leases, dedupe = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local agents, blackboard, versions = KEYS[5], KEYS[6], KEYS[7]
local epoch, writer, batch = ARGV[1], ARGV[2], ARGV[3]
local expected, tail = tonumber(ARGV[4]), ARGV[5]
local channel, inline, keep, refresh, status = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local most = 500

local found = redis.call('HMGET', control, 'epoch', 'sequence', 'tail', 'keep')
local refusal = stranger(found[1], epoch)
if refusal then
  return refusal
end

local now = clock()
local seen = redis.call('HGET', dedupe, writer)
if seen then
  local last, stale = string.match(seen, '^(%d+) ?(.*)$')
  if last == batch then
    return {'DUP', digits(now), stale}
  end
  if tonumber(last) > tonumber(batch) then
    return {'LATE'}
  end
end

local sequence = tonumber(found[2])
if sequence < expected then
  return {'LOST', found[2] .. ' changes'}
end
if sequence > expected then
  if expected > 0 then
    local id = digits(expected) .. '-0'
    local known = redis.call('XRANGE', log, id, id)[1]
    if not known or known[2][4] ~= tail then
      return {'LOST', 'another change ' .. digits(expected)}
    end
  end
  local answer = {'CONFLICT', digits(now)}
  local missing = redis.call('XRANGE', log, digits(expected + 1) .. '-0', '+', 'COUNT', most)
  for _, entry in ipairs(missing) do
    answer[#answer + 1] = entry[2][2]
    answer[#answer + 1] = entry[2][4]
  end
  if #missing == 0 then
    return {'LOST', 'no change ' .. digits(expected + 1)}
  end
  return answer
end
if found[3] ~= tail then
  return {'LOST', 'another change ' .. digits(expected)}
end

local at = 11
local fences = tonumber(ARGV[at])
local stale, refused = {}, false
for i = 1, fences do
  local lease = redis.call('HGET', leases, ARGV[at + 1])
  local holds = false
  if lease then
    local token, till = string.match(lease, '^(%d+) (%d+) ')
    holds = token == ARGV[at + 2] and tonumber(till) > now
  end
  if not holds then
    stale[#stale + 1] = i - 1
    refused = refused or ARGV[at + 3] == '1'
  end
  at = at + 3
end
stale = table.concat(stale, ',')
if refused then
  return {'FENCED', digits(now), stale}
end

at = at + 1
local commands = tonumber(ARGV[at])
if commands == 0 then
  return {'OK', digits(now), stale}
end

-- Everything is checked; from here on it is written.
keep = found[4] or keep
local name = writer .. ':' .. batch
local texts = {}
for i = 1, commands do
  local text = ARGV[at + i]
  redis.call('XADD', log, digits(expected + i) .. '-0', 'c', text, 'b', name)
  if inline == '1' then
    texts[i] = text
  end
end
at = at + commands
redis.call('HSET', control, 'sequence', digits(expected + commands), 'tail', name)
if status ~= '' then
  redis.call('HSET', control, 'status', status)
end
if redis.call('HSET', dedupe, writer, batch .. ' ' .. stale) == 1 then
  redis.call('PEXPIRE', dedupe, keep)
end
if expected == 0 then
  redis.call('PEXPIRE', log, keep)
end
at = at + 1
for _ = 1, tonumber(ARGV[at]) do
  if redis.call('HSET', agents, ARGV[at + 1], ARGV[at + 2]) == 1 then
    redis.call('PEXPIRE', agents, keep)
  end
  at = at + 2
end
at = at + 1
for _ = 1, tonumber(ARGV[at]) do
  if redis.call('HSET', blackboard, ARGV[at + 1], ARGV[at + 2]) == 1 then
    redis.call('PEXPIRE', blackboard, keep)
  end
  if redis.call('HSET', versions, ARGV[at + 1], ARGV[at + 3]) == 1 then
    redis.call('PEXPIRE', versions, keep)
  end
  at = at + 3
end
if refresh == '1' then
  for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, keep)
  end
end
local head = epoch .. ' ' .. digits(expected + 1) .. ' ' .. digits(commands) .. ' ' .. name
redis.call('PUBLISH', channel, inline == '1' and head .. '\n' .. table.concat(texts, '\n') or head)
return {'OK', digits(now), stale}
