-- Adds accepted commands to the log of a run, all of them or none; none asks what is missing.
-- Announces them once another store than the one that made the run follows it.
-- A batch is one entry: its id is the sequence of its last command, its fields are b, the name of
-- the batch, and c, the JSON of its commands in order, one in a line.
-- KEYS control, log, leases, dedupe, agents, blackboard, blackboard versions
-- ARGV epoch, writer, batch, expected sequence, expected tail, channel, announce inline (0 or 1),
--      keep in ms, refresh (0 or 1), status or '', or FOLLOW of who asks and wants to be told,
--      number of fences, then resource, token, required (0 or 1) of each,
--      number of commands, then the JSON of all, one in a line,
--      number of agents, then id, state of each,
--      number of values, then key, value of each,
--      number of versions, then key, version of each
-- answers OK, time, fences that do not hold, as one text with blanks between;
--         DUP, time, fences that did not hold, the same;
--         CONFLICT, time, then JSON, batch of each entry that is missing;
--         FENCED, time, fences that do not hold, as one text;
--         SUPERSEDED; LOST, what is there; LATE
local control, log, leases, dedupe = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local epoch, writer, batch = ARGV[1], ARGV[2], ARGV[3]
local expected, tail = tonumber(ARGV[4]), ARGV[5]
local channel, inline, keep, refresh, status = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local most_changes, most_entries = 500, 100

local function answer(word, time, stale)
  return word .. ' ' .. digits(time) .. ' ' .. stale
end

local found = redis.call('HMGET', control, 'epoch', 'sequence', 'tail', 'keep', 'followed')
local refusal = stranger(found[1], epoch)
if refusal then
  return refusal
end

local now = clock()
local fences = tonumber(ARGV[11])
local commands = tonumber(ARGV[12 + 3 * fences])
local sequence = tonumber(found[2])
if commands == 0 and status == 'FOLLOW' and not found[5] then
  redis.call('HSET', control, 'followed', '1')
end
local number = tonumber(batch)
local field = writer .. ':' .. number % 2
if commands > 0 and (sequence ~= expected or found[3] ~= tail) then
  -- It cannot be there without anything after what it was decided on.
  local seen = redis.call('HMGET', dedupe, writer .. ':0', writer .. ':1')
  local late = false
  for i = 1, 2 do
    local last, stale = string.match(seen[i] or '0 ', '^(%d+) (.*)$')
    if last == batch then
      return answer('DUP', now, stale)
    end
    late = late or tonumber(last) > number
  end
  if late then
    return {'LATE'}
  end
end
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
  local missed = {'CONFLICT', digits(now)}
  local next = digits(expected + 1) .. '-0'
  local missing = redis.call('XRANGE', log, next, '+', 'COUNT', most_entries)
  for _, entry in ipairs(missing) do
    missed[#missed + 1] = entry[2][4]
    missed[#missed + 1] = entry[2][2]
    if tonumber(string.match(entry[1], '^%d+')) >= expected + most_changes then
      break
    end
  end
  if #missing == 0 then
    return {'LOST', 'no change ' .. digits(expected + 1)}
  end
  return missed
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
  return answer('FENCED', now, stale)
end

at = at + 1
if commands == 0 then
  return answer('OK', now, stale)
end

-- Everything is checked; from here on it is written.
keep = found[4] or keep
local name = writer .. ':' .. batch
local head = digits(expected + commands)
local texts = ARGV[at + 1]
redis.call('XADD', log, head .. '-0', 'b', name, 'c', texts)
if expected == 0 then
  redis.call('PEXPIRE', log, keep)
end
if status == '' then
  redis.call('HSET', control, 'sequence', head, 'tail', name)
else
  redis.call('HSET', control, 'sequence', head, 'tail', name, 'status', status)
end
if redis.call('HSET', dedupe, field, batch .. ' ' .. stale) == 1 then
  redis.call('PEXPIRE', dedupe, keep)
end
at = at + 2
for i = 5, 7 do
  local key = KEYS[i]
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
if found[5] then
  local announced = epoch .. ' ' .. digits(expected + 1) .. ' ' .. digits(commands) .. ' ' .. name
  if inline == '1' then
    announced = announced .. '\n' .. texts
  end
  redis.call('PUBLISH', channel, announced)
end
return answer('OK', now, stale)
