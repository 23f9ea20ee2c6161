-- SPDX-License-Identifier: Apache-2.0
-- Adds deltas, all or none, after undoing what was refused although it had been done.
-- KEYS: control, log, lanes. ARGV: epoch, lane, number of this append in its lane, offset of the last
-- named point among the deltas or 0, how many doubts, for each doubt lane and number, deltas.
-- Answers OK, DUP or STALE, with the epoch now.
local unpacked = table.unpack or unpack
local function whole(number)
  return string.format('%.0f', number)
end
local control = redis.call('HMGET', KEYS[1], 'epoch', 'ended', 'marked')
local epoch = tonumber(control[1] or '0')
if epoch ~= tonumber(ARGV[1]) then
  return {'STALE', whole(epoch)}
end
-- A lane holds: number, place of the first delta, how many, named point before them.
local last = redis.call('HGET', KEYS[3], ARGV[2])
if last and tonumber(string.match(last, '^%d+')) >= tonumber(ARGV[3]) then
  return {'DUP', whole(epoch)}
end
local marked = tonumber(control[3] or '0')
local doubts = tonumber(ARGV[5])
local undone = {}
for i = 1, doubts do
  local lane = ARGV[4 + 2 * i]
  local number = ARGV[5 + 2 * i]
  local done = redis.call('HGET', KEYS[3], lane)
  local n, first, count, before = string.match(done or '', '^(%d+) (%d+) (%d+) (%d+)$')
  if n == number then
    undone[#undone + 1] = {tonumber(first), tonumber(count), tonumber(before)}
    for place = tonumber(first), tonumber(first) + tonumber(count) - 1 do
      redis.call('LSET', KEYS[2], place, '') -- the places of the others stay
    end
    redis.call('HINCRBY', KEYS[1], 'undone', count)
  end
  if not n or tonumber(n) <= tonumber(number) then
    redis.call('HSET', KEYS[3], lane, number .. ' 0 0 0') -- should it arrive only now, it is a DUP
  end
end
for _ = 1, #undone do
  for _, batch in ipairs(undone) do
    if marked > batch[1] and marked <= batch[1] + batch[2] then
      marked = batch[3]
    end
  end
end
local from = 6 + 2 * doubts
local before = redis.call('LLEN', KEYS[2])
for i = from, #ARGV, 1000 do
  redis.call('RPUSH', KEYS[2], unpacked(ARGV, i, math.min(i + 999, #ARGV)))
end
redis.call('HSET', KEYS[3], ARGV[2],
  ARGV[3] .. ' ' .. whole(before) .. ' ' .. whole(#ARGV - from + 1) .. ' ' .. whole(marked))
if tonumber(ARGV[4]) > 0 then
  marked = before + tonumber(ARGV[4])
end
redis.call('HSET', KEYS[1], 'marked', whole(marked))
if control[2] then
  local left = redis.call('PTTL', KEYS[1])
  if left > 0 then
    redis.call('PEXPIRE', KEYS[2], left)
    redis.call('PEXPIRE', KEYS[3], left)
  end
end
return {'OK', whole(epoch)}
