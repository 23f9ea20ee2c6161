-- Adds accepted commands to the log of a run, all of them or none; none asks what is missing.
-- A batch is one entry: its id is the sequence of its last command, its fields are b, the name of
-- the batch, and c, the JSON of each command in order.
-- KEYS control, log, leases, dedupe, agents, blackboard, blackboard versions
-- ARGV epoch, writer, batch, expected sequence, expected tail, channel, announce inline (0 or 1),
--      keep in ms, refresh (0 or 1), status or '',
--      number of fences, then resource, token, required (0 or 1) of each,
--      number of commands, then the JSON of each,
--      number of agents, then id, state of each,
--      number of values, then key, value of each,
--      number of versions, then key, version of each
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
local most_changes, most_entries = 500, 100

local found = redis.call('HMGET', control, 'epoch', 'sequence', 'tail', 'keep')
local refusal = stranger(found[1], epoch)
if refusal then
  return refusal
end

local now = clock()
local fences = tonumber(ARGV[11])
local commands = tonumber(ARGV[12 + 3 * fences])
local seen = redis.call('HGET', dedupe, writer)
local last
if seen then
  for number, stale in string.gmatch(seen, '(%d+) ([%d,]*)') do
    if number == batch then
      return {'DUP', digits(now), stale}
    end
    last = last or number .. ' ' .. stale
  end
  if commands > 0 and tonumber(string.match(last, '^%d+')) > tonumber(batch) then
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
    if not known or known[2][2] ~= tail then
      return {'LOST', 'another change ' .. digits(expected)}
    end
  end
  local answer = {'CONFLICT', digits(now)}
  local next = digits(expected + 1) .. '-0'
  local missing = redis.call('XRANGE', log, next, '+', 'COUNT', most_entries)
  for _, entry in ipairs(missing) do
    local fields = entry[2]
    for i = 4, #fields, 2 do
      answer[#answer + 1] = fields[i]
      answer[#answer + 1] = fields[2]
    end
    if #answer > 2 * most_changes then
      break
    end
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
if commands == 0 then
  return {'OK', digits(now), stale}
end

-- Everything is checked; from here on it is written.
keep = found[4] or keep
local name = writer .. ':' .. batch
local head = digits(expected + commands)
local entry = {'b', name}
for i = 1, commands do
  entry[2 * i + 1] = 'c'
  entry[2 * i + 2] = ARGV[at + i]
end
redis.call('XADD', log, head .. '-0', unpack(entry))
if expected == 0 then
  redis.call('PEXPIRE', log, keep)
end
if status == '' then
  redis.call('HSET', control, 'sequence', head, 'tail', name)
else
  redis.call('HSET', control, 'sequence', head, 'tail', name, 'status', status)
end
local remembered = batch .. ' ' .. stale
if last then
  remembered = remembered .. ';' .. last
end
if redis.call('HSET', dedupe, writer, remembered) == 1 then
  redis.call('PEXPIRE', dedupe, keep)
end
local announced = epoch .. ' ' .. digits(expected + 1) .. ' ' .. digits(commands) .. ' ' .. name
if inline == '1' then
  announced = announced .. '\n' .. table.concat(ARGV, '\n', at + 1, at + commands)
end
at = at + commands + 1
for _, key in ipairs({agents, blackboard, versions}) do
  local fields = tonumber(ARGV[at])
  if fields > 0 and redis.call('HSET', key, unpack(ARGV, at + 1, at + 2 * fields)) > 0 then
    redis.call('PEXPIRE', key, keep)
  end
  at = at + 2 * fields + 1
end
if refresh == '1' then
  for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, keep)
  end
end
redis.call('PUBLISH', channel, announced)
return {'OK', digits(now), stale}
