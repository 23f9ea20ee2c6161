-- SPDX-License-Identifier: Apache-2.0
-- Publishes a message: once for each id, with a sequence without gaps, in the stream before it is announced.
-- KEYS: messages, ids. ARGV: id, message, channel, the largest message that is announced in bytes, the
-- most messages of a run, how long to keep the keys in ms.
-- Answers OK with the sequence, DUP with the first sequence and message, or FULL.
local id = 'id:' .. ARGV[1]
local known = redis.call('HMGET', KEYS[2], id, 'last')
if known[1] then
  local entry = redis.call('XRANGE', KEYS[1], known[1] .. '-0', known[1] .. '-0')
  return {'DUP', tonumber(known[1]), entry[1] and entry[1][2][2] or ''}
end
local number = (tonumber(known[2]) or 0) + 1
if number > tonumber(ARGV[5]) then
  return {'FULL'}
end
local sequence = string.format('%d', number)
redis.call('XADD', KEYS[1], sequence .. '-0', 'm', ARGV[2])
redis.call('HSET', KEYS[2], 'last', sequence, id, sequence)
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
if #ARGV[2] <= tonumber(ARGV[4]) then
  redis.call('PUBLISH', ARGV[3], sequence .. ' ' .. ARGV[2])
else
  redis.call('PUBLISH', ARGV[3], sequence)
end
return {'OK', number}
