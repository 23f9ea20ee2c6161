-- SPDX-License-Identifier: Apache-2.0
-- Takes a run over: compare-and-set of its epoch.
-- KEYS: control, hold, lanes. ARGV: expected epoch, id of this attempt, time to live of the hold in ms.
-- Answers OK, DUP or CONFLICT, each with the epoch now and whether the run has ended or is open.
local control = redis.call('HMGET', KEYS[1], 'epoch', 'claim', 'ended')
local epoch = tonumber(control[1] or '0')
if control[2] == ARGV[2] then
  return {'DUP', string.format('%.0f', epoch), control[3] and 'ended' or 'open'}
end
if epoch ~= tonumber(ARGV[1]) then
  return {'CONFLICT', string.format('%.0f', epoch), control[3] and 'ended' or 'open'}
end
local now = string.format('%.0f', epoch + 1)
redis.call('HSET', KEYS[1], 'epoch', now, 'claim', ARGV[2])
redis.call('HDEL', KEYS[1], 'released')
redis.call('DEL', KEYS[3])
if not control[3] then
  redis.call('SET', KEYS[2], now, 'PX', ARGV[3])
end
return {'OK', now, control[3] and 'ended' or 'open'}
